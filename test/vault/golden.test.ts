import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openTestHouse } from '../house.ts';
import { converse } from './converse.ts';
import { differenceTo, readExchanges, requestBytes, tokenNames } from './golden.ts';

const FOLDER = join(import.meta.dirname, 'golden');

describe('the Vault face says, byte for byte, what its golden conversations say', () => {
  for (const file of globSync('*.txt', { cwd: FOLDER }).toSorted())
    test(file, async () => {
      const house = await openTestHouse();
      try {
        const names = tokenNames(house);
        const exchanges = readExchanges(readFileSync(join(FOLDER, file), 'utf8'));
        assert.ok(exchanges.length > 3, 'the file holds a conversation');
        for (const exchange of exchanges) {
          const heard = await converse(house.port, [requestBytes(exchange, names)]);
          const difference = differenceTo(exchange, heard, names);
          if (difference !== null) assert.fail(`${file}, line ${exchange.line}: ${exchange.request[0]}\n${difference}`);
        }
      } finally {
        await house.close();
      }
    });
});
