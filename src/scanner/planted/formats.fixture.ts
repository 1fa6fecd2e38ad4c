import { readFileSync } from 'node:fs';
import type { Draw } from './credentials.fixture.ts';

/** How one kind of file gives a value, and real text of that kind to give it in. */
export type Format = {
  readonly id: string;
  readonly path: string;
  readonly host: string;
  /** Lines behind which one more may stand. */
  readonly after: RegExp;
  /** What gives a value. */
  readonly line: (name: string, value: string) => string;
  /** The same for a value of several lines, where they are written in another way. */
  readonly block?: (name: string, value: string) => string;
};

const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const PORCH = 'examples/porch';

/** As a constant of code is called. */
const word = (name: string): string => name.replaceAll(/[^A-Za-z\d_]/g, '_');
const quoted = (value: string): string => JSON.stringify(value);
const indented = (value: string, by: string): string => value.trimEnd().replaceAll(/^/gm, by);
const single = (value: string): string => `'${value.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
/** Where no line may break. */
const flat = (value: string): string => value.replaceAll('\n', String.raw`\n`);
const markup = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

const GO = read('test/go-verify/main.go');
const PYTHON = read(`${PORCH}/alexa-lambda/lambda_function.py`).replaceAll(/^.*(?:token|secret|password).*$/gim, '');
const JAVA = `package lan.porch.hub;

import java.time.Duration;
import java.util.List;

/** Watches the lamps. */
public final class LampWatch {
  private static final Duration PERIOD = Duration.ofSeconds(30);
  private final List<String> lamps = List.of("porch", "hall", "garden");

  public String describe(int index) {
    return String.format("lamp %s of %d", lamps.get(index), lamps.size());
  }
}
`;
const PHP = `<?php
namespace Porch;

class Lamps
{
    private array $names = ['porch', 'hall'];
    public function count(): int
    {
        return count($this->names);
    }
}
`;
const RUBY = `require 'json'

module Porch
  LAMPS = %w[porch hall garden].freeze
  def self.describe(index)
    "lamp #{LAMPS.fetch(index)}"
  end
end
`;
const C = `#include <stdint.h>
#include <string.h>

/* Milliseconds between two looks at the sensor. */
static const uint32_t period_ms = 30000;

int lamp_state(const char *name) {
  return strcmp(name, "porch") == 0 ? 1 : 0;
}
`;
const HEADER = `#pragma once
#include <Arduino.h>

#define LAMP_PIN 13
#define SENSOR_PERIOD 30000
static constexpr uint8_t kLamps = 4;
`;
const TOML = `[hub]
name = "porch"
rooms = ["hall", "garden"]

[hub.lamps]
count = 4
dim = 0.5
`;
const INI = `[hub]
name = porch
rooms = 4

[mail]
; where reports go
server = mail.porch.lan
`;
const PROPERTIES = `# hub
hub.name=porch
hub.rooms=4
logging.level.root=INFO
`;
const XML = `<?xml version="1.0" encoding="UTF-8"?>
<configuration>
  <hub name="porch">
    <rooms>4</rooms>
  </hub>
  <mail server="mail.porch.lan" />
</configuration>
`;
const HTML = `<!doctype html>
<html lang="en">
<head><title>Porch</title>
<script src="lamps.js"></script>
</head>
<body>
<p>The lamp on the porch is lit at dusk.</p>
</body>
</html>
`;
const DOCKER = `FROM node:26-slim
WORKDIR /srv/porch
COPY package.json .
RUN npm ci --omit=dev
EXPOSE 8123
CMD ["node", "hub.js"]
`;
const HCL = `resource "porch_lamp" "hall" {
  name  = "hall"
  power = 40
}

variable "region" {
  default = "eu-central-1"
}
`;
const SQL = `-- MySQL dump 10.13  Distrib 8.0.36
DROP TABLE IF EXISTS \`options\`;
CREATE TABLE \`options\` (\`id\` bigint NOT NULL, \`name\` varchar(191), \`value\` longtext);
LOCK TABLES \`options\` WRITE;
INSERT INTO \`options\` VALUES (1,'siteurl','https://porch.example'),(2,'lamps','4');
UNLOCK TABLES;
`;
const CSV = `name,value
siteurl,https://porch.lan
rooms,4
lamps,"porch, hall"
`;
const LOG = Array.from(
  { length: 40 },
  (_, i) => `2026-11-0${1 + (i % 9)}T0${i % 10}:1${i % 6}:00Z INFO hub: lamp ${i} was lit, took ${i * 7} ms`,
).join('\n');
const NOTEBOOK = JSON.stringify(
  {
    cells: [
      { cell_type: 'markdown', metadata: {}, source: ['# Lamps\n', 'How often they are lit.\n'] },
      {
        cell_type: 'code',
        execution_count: 3,
        metadata: {},
        outputs: [],
        source: ['import pandas as pd\n', 'x = 1\n'],
      },
    ],
    metadata: { language_info: { name: 'python', version: '3.14.0' } },
    nbformat: 4,
    nbformat_minor: 5,
  },
  null,
  1,
);

const LINE = /^/;
const OPENING = /[{[]\s*$/;
const TOP = /^(?:[A-Za-z_#]|$)/;

/** Every format that the issue names; hosts are this repository's own files where it has one of that kind. */
export const FORMATS: readonly Format[] = [
  {
    id: 'YAML',
    path: 'config/hub.yaml',
    host: read(`${PORCH}/homeassistant/automations.yaml`),
    after: /^\s*$/,
    line: (name, value) => `${name}: ${/^[\w./+=:@-]+$/.test(value) ? value : quoted(value)}`,
    block: (name, value) => `${name}: |\n${indented(value, '  ')}`,
  },
  {
    id: 'JSON',
    path: 'config/hub.json',
    host: read('package.json'),
    after: /\{\s*$/,
    line: (name, value) => `  ${quoted(name)}: ${quoted(value)},`,
  },
  {
    id: 'JSON on one line',
    path: 'data/hub.json',
    host: JSON.stringify(JSON.parse(read('package.json'))).replace('{', '{\n'),
    after: /^\{$/,
    line: (name, value) => `${quoted(name)}:${quoted(value)},`,
  },
  {
    id: 'JSON with comments',
    path: '.vscode/settings.jsonc',
    host: read('tsconfig.json').replaceAll(/,\n/g, ', // as it is\n'),
    after: OPENING,
    line: (name, value) => `  // for the hub\n  ${quoted(name)}: ${quoted(value)},`,
  },
  { id: 'INI', path: 'etc/hub.ini', host: INI, after: LINE, line: (name, value) => `${name} = ${flat(value)}` },
  {
    id: '.env',
    path: 'srv/.env',
    host: 'TZ=Europe/Vienna\nPUID=1000\n# where\nHUB_HOST=192.168.7.2\n',
    after: LINE,
    line: (name, value) => `${word(name)}=${/\s/.test(value) ? quoted(value) : value}`,
  },
  {
    id: 'properties',
    path: 'srv/application.properties',
    host: PROPERTIES,
    after: LINE,
    line: (name, value) => `hub.${name}=${value}`,
    block: (name, value) => `hub.${name}=${value.trimEnd().replaceAll('\n', '\\n\\\n')}`,
  },
  {
    id: 'TOML',
    path: 'srv/hub.toml',
    host: TOML,
    after: LINE,
    line: (name, value) => `${word(name)} = ${quoted(value)}`,
    block: (name, value) => `${word(name)} = """\n${value}"""`,
  },
  {
    id: 'XML',
    path: 'srv/hub.xml',
    host: XML,
    after: /<(?:configuration|hub)[^>]*>$/,
    line: (name, value) => `  <${word(name)}>${markup(value)}</${word(name)}>`,
    block: (name, value) => `  <${word(name)}>\n${value}</${word(name)}>`,
  },
  {
    id: 'XML attribute',
    path: 'srv/web.config',
    host: XML,
    after: /<(?:configuration|hub)[^>]*>$/,
    line: (name, value) => `  <add ${word(name)}="${markup(flat(value))}" />`,
  },
  {
    id: 'HTML',
    path: 'www/index.html',
    host: HTML,
    after: /<\/script>$|<body>/,
    line: (name, value) => `<script>const ${word(name)} = ${quoted(value)};</script>`,
  },
  {
    id: 'Markdown',
    path: 'notes/hub.md',
    host: read('SECURITY.md'),
    after: /^$/,
    line: (name, value) => `    ${name}: "${value}"`,
    block: (name, value) => `\`\`\`\n${name}\n${value}\`\`\``,
  },
  {
    id: 'shell',
    path: 'bin/start.sh',
    host: read('.ci/run'),
    after: /^$/,
    line: (name, value) => `export ${word(name)}=${/[\s'"$&;]/.test(value) ? single(value) : value}`,
    block: (name, value) => `cat >${word(name)}.pem <<END_OF_IT\n${value}END_OF_IT`,
  },
  {
    id: 'curl',
    path: 'bin/ask.sh',
    host: '#!/bin/sh\nset -eu\n',
    after: LINE,
    line: (name, value) => `curl -fsS -H "${name}: ${flat(value)}" https://porch.lan/api/lamps`,
  },
  {
    id: 'Dockerfile',
    path: 'srv/Dockerfile',
    host: DOCKER,
    after: LINE,
    line: (name, value) => `ENV ${word(name)}=${/\s/.test(value) ? quoted(value) : value}`,
  },
  {
    id: 'compose',
    path: 'srv/docker-compose.yml',
    host: read(`${PORCH}/docker-compose.yml`).replaceAll(/^.*(?:TOKEN|PASSWORD|SECRET).*$/gm, ''),
    after: /environment:\s*$/,
    line: (name, value) => `      - ${/\s/.test(value) ? quoted(`${word(name)}=${value}`) : `${word(name)}=${value}`}`,
  },
  {
    id: 'JavaScript',
    path: 'src/hub.js',
    host: read('scripts/sbom.mjs'),
    after: TOP,
    line: (name, value) => `const ${word(name)} = ${single(value)};`,
    block: (name, value) => `const ${word(name)} = \`${value}\`;`,
  },
  {
    id: 'TypeScript',
    path: 'src/hub.ts',
    host: read('src/scanner/scan.ts'),
    after: /^$/,
    line: (name, value) => `export const ${word(name)}: string = '${value}';`,
    block: (name, value) => `export const ${word(name)} = ${quoted(value)};`,
  },
  {
    id: 'Python',
    path: 'src/hub.py',
    host: PYTHON,
    after: /^$/,
    line: (name, value) => `${word(name)} = ${quoted(value)}`,
    block: (name, value) => `${word(name)} = """${value}"""`,
  },
  {
    id: 'Python, as a member',
    path: 'src/settings.py',
    host: PYTHON,
    after: /^$/,
    line: (name, value) => `CONFIG['${name}'] = '${value}'`,
    block: (name, value) => `CONFIG['${name}'] = b'''${value}'''`,
  },
  {
    id: 'Go',
    path: 'src/hub.go',
    host: GO,
    after: /^$/,
    line: (name, value) => `const ${word(name)} = ${quoted(value)}`,
    block: (name, value) => `var ${word(name)} = \`${value}\``,
  },
  {
    id: 'Java',
    path: 'src/LampWatch.java',
    host: JAVA,
    after: /[;{]$/,
    line: (name, value) => `  private static final String ${word(name)} = ${quoted(value)};`,
    block: (name, value) =>
      `  static final String ${word(name)} = ${value
        .trimEnd()
        .split('\n')
        .map((line) => quoted(`${line}\n`))
        .join(' +\n    ')};`,
  },
  {
    id: 'C',
    path: 'src/lamp.c',
    host: C,
    after: /^$/,
    line: (name, value) => `static const char *${word(name)} = ${quoted(value)};`,
    block: (name, value) =>
      `static const char ${word(name)}[] =\n${value
        .trimEnd()
        .split('\n')
        .map((line) => `  ${quoted(`${line}\n`)}`)
        .join('\n')};`,
  },
  {
    id: 'C++ header',
    path: 'include/settings.h',
    host: HEADER,
    after: LINE,
    line: (name, value) => `#define ${word(name)} ${quoted(value)}`,
  },
  {
    id: 'Arduino sketch',
    path: 'rain/rain.ino',
    host: HEADER.replace('#pragma once\n', ''),
    after: LINE,
    line: (name, value) => `const char* ${word(name)} = ${quoted(value)};`,
    block: (name, value) => `const char ${word(name)}[] PROGMEM = R"EOF(\n${value})EOF";`,
  },
  {
    id: 'PHP',
    path: 'src/Lamps.php',
    host: PHP,
    after: /[;{]$/,
    line: (name, value) => `    '${name}' => '${flat(value)}',`,
  },
  {
    id: 'Ruby',
    path: 'lib/porch.rb',
    host: RUBY,
    after: /^$|freeze$/,
    line: (name, value) => `  config.${word(name)} = ${single(value)}`,
    block: (name, value) => `  ${word(name)} = <<~KEY_OF_IT\n${indented(value, '    ')}\n  KEY_OF_IT`,
  },
  {
    id: 'CSV',
    path: 'export/options.csv',
    host: CSV,
    after: LINE,
    line: (name, value) => `${name},${/[,"\s]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value}`,
    block: (name, value) => `${name},"${value}"`,
  },
  {
    id: 'log',
    path: 'var/hub.log',
    host: LOG,
    after: LINE,
    line: (name, value) => `2026-11-09T08:15:00Z DEBUG hub: connecting with ${name}=${flat(value)} as porch`,
  },
  {
    id: 'notebook',
    path: 'work/lamps.ipynb',
    host: NOTEBOOK,
    after: /"source": \[$/,
    line: (name, value) => `    ${quoted(`${word(name)} = '${value}'\n`)},`,
    block: (name, value) => `    ${quoted(`${word(name)} = '''${value}'''\n`)},`,
  },
  {
    id: 'HCL',
    path: 'infra/main.tf',
    host: HCL,
    after: /\{$/,
    line: (name, value) => `  ${word(name)} = ${quoted(value)}`,
    block: (name, value) => `  ${word(name)} = <<-EOT\n${indented(value, '    ')}\n  EOT`,
  },
  {
    id: 'SQL dump',
    path: 'backup/porch.sql',
    host: SQL,
    after: /;$/,
    line: (name, value) => `INSERT INTO \`options\` VALUES (7,'${name}','${value.replaceAll("'", "''")}');`,
    block: (name, value) => `INSERT INTO \`options\` VALUES (7,'${name}','${value.replaceAll('\n', '\\n')}');`,
  },
];

/** Gives the value somewhere in the format's text. */
export const plantIn = (format: Format, name: string, written: string, { one }: Draw): string => {
  const lines = format.host.split('\n');
  const places = lines.flatMap((line, index) => (format.after.test(line) ? [index + 1] : []));
  const isLong = written.includes('\n');
  lines.splice(one(places), 0, (isLong ? (format.block ?? format.line) : format.line)(name, written));
  return lines.join('\n');
};

/** A flash image: code of a processor, texts between NUL bytes. */
export const binaryWith = (written: string, random: { bytes(length: number): Uint8Array }, { below }: Draw): Buffer => {
  const before = random.bytes(2_000 + below(6_000));
  return Buffer.concat([
    Buffer.from([0x7f, 0x45, 0, 0]),
    before,
    Buffer.from(`\0${written}\0`),
    random.bytes(3_000),
    Buffer.alloc(64),
  ]);
};
