/** How a changed credential takes effect in the system that uses it. */
export type Change = 'reload' | 'restart' | 'reflash' | 're-pair' | 'api' | 'manual';

export type SystemRow = {
  /** What people call it. */
  readonly title: string;
  readonly change: Change;
};

/** Every system of this world in which credentials live. `manual`: only in the vendor's portal or by hand. */
export const SYSTEMS = {
  'home-assistant': { title: 'Home Assistant', change: 'restart' },
  supervisor: { title: 'Home Assistant Supervisor', change: 'restart' },
  'nabu-casa': { title: 'Home Assistant Cloud', change: 'manual' },
  appdaemon: { title: 'AppDaemon', change: 'restart' },
  esphome: { title: 'ESPHome', change: 'reflash' },
  zigbee2mqtt: { title: 'Zigbee2MQTT', change: 'restart' },
  zha: { title: 'Zigbee Home Automation', change: 're-pair' },
  'zwave-js': { title: 'Z-Wave JS', change: 're-pair' },
  openhab: { title: 'openHAB', change: 'reload' },
  'node-red': { title: 'Node-RED', change: 'restart' },
  homebridge: { title: 'Homebridge', change: 'restart' },
  mosquitto: { title: 'Mosquitto', change: 'reload' },
  mqtt: { title: 'MQTT broker', change: 'restart' },
  emqx: { title: 'EMQX', change: 'api' },
  rabbitmq: { title: 'RabbitMQ', change: 'api' },
  tasmota: { title: 'Tasmota', change: 'api' },
  wled: { title: 'WLED', change: 'restart' },
  shelly: { title: 'Shelly', change: 'api' },
  hue: { title: 'Philips Hue', change: 'manual' },
  homekit: { title: 'HomeKit', change: 're-pair' },
  matter: { title: 'Matter', change: 're-pair' },
  thread: { title: 'Thread', change: 'api' },
  tuya: { title: 'Tuya', change: 're-pair' },
  tapo: { title: 'Tapo and Kasa', change: 'manual' },
  frigate: { title: 'Frigate', change: 'restart' },
  camera: { title: 'Cameras', change: 'manual' },
  wifi: { title: 'Wi-Fi', change: 'manual' },
  arduino: { title: 'Arduino', change: 'reflash' },
  platformio: { title: 'PlatformIO', change: 'reflash' },
  'esp-idf': { title: 'ESP-IDF', change: 'reflash' },
  alexa: { title: 'Amazon Alexa', change: 'manual' },
  google: { title: 'Google', change: 'api' },
  smartthings: { title: 'SmartThings', change: 'manual' },
  ifttt: { title: 'IFTTT', change: 'manual' },
  aws: { title: 'Amazon Web Services', change: 'api' },
  azure: { title: 'Microsoft Azure', change: 'api' },
  cloudflare: { title: 'Cloudflare', change: 'api' },
  tailscale: { title: 'Tailscale', change: 'api' },
  wireguard: { title: 'WireGuard', change: 'reload' },
  duckdns: { title: 'DuckDNS', change: 'manual' },
  influxdb: { title: 'InfluxDB', change: 'api' },
  grafana: { title: 'Grafana', change: 'api' },
  postgresql: { title: 'PostgreSQL', change: 'api' },
  mariadb: { title: 'MariaDB and MySQL', change: 'api' },
  redis: { title: 'Redis', change: 'reload' },
  github: { title: 'GitHub', change: 'api' },
  gitlab: { title: 'GitLab', change: 'api' },
  docker: { title: 'Docker', change: 'restart' },
  telegram: { title: 'Telegram', change: 'manual' },
  slack: { title: 'Slack', change: 'manual' },
  discord: { title: 'Discord', change: 'manual' },
  pushover: { title: 'Pushover', change: 'manual' },
  tls: { title: 'TLS certificates', change: 'reload' },
  ssh: { title: 'SSH', change: 'reload' },
} as const satisfies Readonly<Record<string, SystemRow>>;

export type SystemId = keyof typeof SYSTEMS;

export const isSystemId = (text: string): text is SystemId => Object.hasOwn(SYSTEMS, text);
