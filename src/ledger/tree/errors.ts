import { defineErrors } from '#kernel';

/** What can be wrong with a note, a checkpoint, a proof or the tree's stored hashes. */
export const treeError = defineErrors('ledger', {
  key_malformed: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'A verifier key is one line, name+12345678+base64, as `audit key` prints it.',
  },
  note_malformed: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'Fetch the checkpoint again, byte for byte.',
  },
  note_unsigned: {
    fault: 'mistake',
    status: 400,
    exit: 1,
    hint: 'Compare the key with the one you pinned: this note is from another log, or the log changed its key.',
  },
  signature_wrong: {
    fault: 'mistake',
    status: 400,
    exit: 1,
    hint: 'The note was changed after it was signed. Keep it as evidence and fetch another copy.',
  },
  checkpoint_malformed: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'See docs/ledger-format.md, "Checkpoint".',
  },
  checkpoint_origin: {
    fault: 'mistake',
    status: 400,
    exit: 1,
    hint: 'This checkpoint belongs to another log.',
  },
  proof_malformed: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'See docs/ledger-format.md, "Proof file".',
  },
  proof_wrong: {
    fault: 'mistake',
    status: 400,
    exit: 1,
    hint: 'The entry is not at this place in the signed log. Keep the file as evidence.',
  },
  tile_malformed: {
    fault: 'mistake',
    status: 400,
    exit: 2,
    hint: 'See docs/ledger-format.md, "Tiles".',
  },
  tile_missing: {
    fault: 'ours',
    status: 500,
    exit: 70,
    hint: 'Run `doctor`: stored hashes of the ledger are missing or short.',
  },
  out_of_range: { fault: 'mistake', status: 400, exit: 2, hint: 'Ask for a place inside the log.' },
  entry_too_long: {
    fault: 'ours',
    status: 500,
    exit: 70,
    hint: 'An entry has at most 65535 bytes.',
  },
});
