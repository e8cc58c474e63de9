// Readlog checks a mirror of the audit log with Go's own code for transparency logs and none of ours.
// It ignores witnesses: golang.org/x/mod knows no cosignatures, and unknown signatures do not disturb it.
package main

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// mirror reads tiles as C2SP tlog-tiles names them; tlog's own names differ in the leading height only.
type mirror struct {
	folder string
	size   int64
}

func (m mirror) path(level string, n int64, width int) string {
	name := fmt.Sprintf("%03d", n%1000)
	for n >= 1000 {
		n /= 1000
		name = fmt.Sprintf("x%03d/%s", n%1000, name)
	}
	if width != 256 {
		name = fmt.Sprintf("%s.p/%d", name, width)
	}
	return filepath.Join(m.folder, "tile", level, name)
}

func (m mirror) Height() int { return 8 }

func (m mirror) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, t := range tiles {
		data, err := os.ReadFile(m.path(fmt.Sprint(t.L), t.N, t.W))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (m mirror) SaveTiles([]tlog.Tile, [][]byte) {}

func (m mirror) record(i int64) ([]byte, error) {
	width := m.size - i/256*256
	if width > 256 {
		width = 256
	}
	data, err := os.ReadFile(m.path("entries", i/256, int(width)))
	if err != nil {
		return nil, err
	}
	for n := int64(0); ; n++ {
		length := int(binary.BigEndian.Uint16(data))
		if n == i%256 {
			return data[2 : 2+length], nil
		}
		data = data[2+length:]
	}
}

func check(folder string) (int64, error) {
	key, err := os.ReadFile(filepath.Join(folder, "vkey"))
	if err != nil {
		return 0, err
	}
	verifier, err := note.NewVerifier(string(key))
	if err != nil {
		return 0, err
	}
	signed, err := os.ReadFile(filepath.Join(folder, "checkpoint"))
	if err != nil {
		return 0, err
	}
	opened, err := note.Open(signed, note.VerifierList(verifier))
	if err != nil {
		return 0, err
	}
	var origin, root string
	var size int64
	if _, err := fmt.Sscanf(opened.Text, "%s\n%d\n%s\n", &origin, &size, &root); err != nil {
		return 0, err
	}
	hash, err := tlog.ParseHash(root)
	if err != nil {
		return 0, err
	}
	m := mirror{folder, size}
	reader := tlog.TileHashReader(tlog.Tree{N: size, Hash: hash}, m)
	for i := int64(0); i < size; i += 1 + size/40 {
		proof, err := tlog.ProveRecord(size, i, reader)
		if err != nil {
			return 0, fmt.Errorf("record %d: %w", i, err)
		}
		leaf, err := m.record(i)
		if err != nil {
			return 0, err
		}
		if err := tlog.CheckRecord(proof, size, hash, i, tlog.RecordHash(leaf)); err != nil {
			return 0, fmt.Errorf("record %d: %w", i, err)
		}
	}
	return size, nil
}

func main() {
	size, err := check(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("verified", size)
}
