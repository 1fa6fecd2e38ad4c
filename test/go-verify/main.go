// Checks a published ledger with Go's own checksum-database packages, which share no code with Chatelaine.
//
//	go run main.go DIRECTORY [SEED]
//
// The directory holds what a server publishes under /ledger/ and, beside it, proofs to check:
//
//	key                     verifier key of the log
//	checkpoint              signed note over size and root
//	tile/...                hash tiles and entry bundles (C2SP tlog-tiles)
//	proofs.json             optional: inclusion and consistency proofs made by the log
//
// Exit code 0 and one line of figures when everything fits; 1 and the reason on standard error otherwise.
package main

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io/ioutil"
	"math/rand"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const (
	tileHeight = 8
	tileWidth  = 1 << tileHeight
	places     = 500
	sizes      = 40
)

type proofs struct {
	Inclusion []struct {
		Index, Size int64
		Proof       []tlog.Hash
	}
	Consistency []struct {
		OldSize, NewSize int64
		Proof            []tlog.Hash
	}
}

func main() {
	if len(os.Args) < 2 || len(os.Args) > 3 {
		fail("usage: main DIRECTORY [SEED]")
	}
	dir, seed := os.Args[1], int64(1)
	if len(os.Args) == 3 {
		var err error
		seed, err = strconv.ParseInt(os.Args[2], 10, 64)
		check(err, "seed")
	}
	tree := openCheckpoint(dir)
	rebuilt := rebuild(dir, tree.N)
	root, err := tlog.TreeHash(tree.N, rebuilt)
	check(err, "root of the entries")
	if root != tree.Hash {
		fail("the entries give the root %v, the checkpoint says %v", root, tree.Hash)
	}
	random := rand.New(rand.NewSource(seed))
	inclusion := checkInclusion(dir, tree, rebuilt, random)
	consistency := checkConsistency(dir, tree, rebuilt, random)
	madeInclusion, madeConsistency := checkProofs(dir, rebuilt)
	fmt.Printf("signature ok, root of %d entries ok, %d inclusion and %d consistency proofs from tiles ok, %d and %d of the log's own ok\n",
		tree.N, inclusion, consistency, madeInclusion, madeConsistency)
}

// openCheckpoint checks the signature and that the origin is the name of the key.
func openCheckpoint(dir string) tlog.Tree {
	verifier, err := note.NewVerifier(strings.TrimSpace(string(read(dir, "key"))))
	check(err, "key")
	signed, err := note.Open(read(dir, "checkpoint"), note.VerifierList(verifier))
	check(err, "checkpoint")
	// tlog.ParseTree wants the origin of Go's own database; the lines after it are the same.
	lines := strings.SplitN(signed.Text, "\n", 4)
	if len(lines) != 4 || lines[0] != verifier.Name() || lines[3] != "" {
		fail("checkpoint: not three lines of %s: %q", verifier.Name(), signed.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	check(err, "size")
	hash, err := tlog.ParseHash(lines[2])
	check(err, "root")
	return tlog.Tree{N: size, Hash: hash}
}

// stored holds every hash of the tree in Go's own order, rebuilt from the entries alone.
type stored []tlog.Hash

func (s stored) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	hashes := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index < 0 || index >= int64(len(s)) {
			return nil, fmt.Errorf("no hash %d", index)
		}
		hashes[i] = s[index]
	}
	return hashes, nil
}

func rebuild(dir string, size int64) stored {
	var hashes stored
	for n := int64(0); n*tileWidth < size; n++ {
		width := size - n*tileWidth
		if width > tileWidth {
			width = tileWidth
		}
		bundle := read(dir, tilePath(tlog.Tile{H: tileHeight, L: -1, N: n, W: int(width)}))
		for i := int64(0); i < width; i++ {
			if len(bundle) < 2 || len(bundle) < 2+int(binary.BigEndian.Uint16(bundle)) {
				fail("bundle %d: ends inside entry %d", n, i)
			}
			end := 2 + int(binary.BigEndian.Uint16(bundle))
			added, err := tlog.StoredHashes(n*tileWidth+i, bundle[2:end], hashes)
			check(err, "entry")
			hashes = append(hashes, added...)
			bundle = bundle[end:]
		}
		if len(bundle) > 0 {
			fail("bundle %d: %d bytes too many", n, len(bundle))
		}
	}
	return hashes
}

// tiles reads tiles as files; Go checks each against the signed root before using it.
type tiles string

func (dir tiles) Height() int { return tileHeight }

func (dir tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	data := make([][]byte, len(wanted))
	for i, tile := range wanted {
		var err error
		data[i], err = ioutil.ReadFile(filepath.Join(string(dir), tilePath(tile)))
		if err != nil {
			return nil, err
		}
	}
	return data, nil
}

func (dir tiles) SaveTiles([]tlog.Tile, [][]byte) {}

// tilePath is Go's path without the height, which C2SP tlog-tiles fixes, and with "entries" for "data".
func tilePath(tile tlog.Tile) string {
	path := strings.TrimPrefix(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight))
	if tile.L < 0 {
		path = "entries" + strings.TrimPrefix(path, "data")
	}
	return "tile/" + path
}

func checkInclusion(dir string, tree tlog.Tree, rebuilt stored, random *rand.Rand) int {
	if tree.N == 0 {
		return 0
	}
	reader := tlog.TileHashReader(tree, tiles(dir))
	for i := 0; i < places; i++ {
		index := random.Int63n(tree.N)
		proof, err := tlog.ProveRecord(tree.N, index, reader)
		check(err, "inclusion from tiles")
		check(tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf(rebuilt, index)), "inclusion")
	}
	return places
}

func checkConsistency(dir string, tree tlog.Tree, rebuilt stored, random *rand.Rand) int {
	if tree.N == 0 {
		return 0
	}
	reader := tlog.TileHashReader(tree, tiles(dir))
	count := 0
	for i := 0; i < sizes; i++ {
		old := 1 + random.Int63n(tree.N)
		oldRoot, err := tlog.TreeHash(old, reader)
		check(err, "older root from tiles")
		if oldRoot != rootAt(rebuilt, old) {
			fail("the tiles and the entries give different roots at %d", old)
		}
		proof, err := tlog.ProveTree(tree.N, old, reader)
		check(err, "consistency from tiles")
		check(tlog.CheckTree(proof, tree.N, tree.Hash, old, oldRoot), "consistency")
		count++
	}
	return count
}

func checkProofs(dir string, rebuilt stored) (inclusion, consistency int) {
	if _, err := os.Stat(filepath.Join(dir, "proofs.json")); os.IsNotExist(err) {
		return 0, 0
	}
	var made proofs
	check(json.Unmarshal(read(dir, "proofs.json"), &made), "proofs.json")
	for _, p := range made.Inclusion {
		check(tlog.CheckRecord(p.Proof, p.Size, rootAt(rebuilt, p.Size), p.Index, leaf(rebuilt, p.Index)),
			fmt.Sprintf("the log's inclusion proof of %d in %d", p.Index, p.Size))
	}
	for _, p := range made.Consistency {
		check(tlog.CheckTree(p.Proof, p.NewSize, rootAt(rebuilt, p.NewSize), p.OldSize, rootAt(rebuilt, p.OldSize)),
			fmt.Sprintf("the log's consistency proof from %d to %d", p.OldSize, p.NewSize))
	}
	return len(made.Inclusion), len(made.Consistency)
}

func leaf(rebuilt stored, index int64) tlog.Hash {
	hashes, err := rebuilt.ReadHashes([]int64{tlog.StoredHashIndex(0, index)})
	check(err, "leaf")
	return hashes[0]
}

func rootAt(rebuilt stored, size int64) tlog.Hash {
	root, err := tlog.TreeHash(size, rebuilt)
	check(err, "root")
	return root
}

func read(dir, name string) []byte {
	data, err := ioutil.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
	check(err, name)
	return data
}

func check(err error, what string) {
	if err != nil {
		fail("%s: %v", what, err)
	}
}

func fail(format string, arguments ...interface{}) {
	fmt.Fprintf(os.Stderr, format+"\n", arguments...)
	os.Exit(1)
}
