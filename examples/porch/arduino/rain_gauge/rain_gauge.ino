// Counts the tips of the rain gauge and sends them once a minute.
#include <WiFiNINA.h>
#include <ArduinoMqttClient.h>
#include "arduino_secrets.h"

const int TIP_PIN = 2;
const char BROKER[] = "192.168.7.10";
const int PORT = 1883;

WiFiClient network;
MqttClient mqtt(network);
volatile unsigned long tips = 0;

void onTip() { tips++; }

void connect() {
  while (WiFi.begin(SECRET_SSID, SECRET_PASS) != WL_CONNECTED) delay(5000);
  mqtt.setId("rain-gauge");
  mqtt.setUsernamePassword(SECRET_MQTT_USER, SECRET_MQTT_PASS);
  while (!mqtt.connect(BROKER, PORT)) delay(5000);
}

void setup() {
  pinMode(TIP_PIN, INPUT_PULLUP);
  attachInterrupt(digitalPinToInterrupt(TIP_PIN), onTip, FALLING);
  connect();
}

void loop() {
  if (!mqtt.connected()) connect();
  mqtt.beginMessage("garden/rain", true, 1);
  mqtt.print(tips);
  mqtt.endMessage();
  for (int i = 0; i < 60; i++) {
    mqtt.poll();
    delay(1000);
  }
}
