#pragma once

#define SECRET_SSID "Porchlight"
#define SECRET_PASS "sonnenblume gartenzwerg 4"
#define SECRET_MQTT_USER "porch"
#define SECRET_MQTT_PASS "Veranda-Broker-77"
