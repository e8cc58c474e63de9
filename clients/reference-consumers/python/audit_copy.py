#!/usr/bin/env python3
"""Keeps a verified copy of Interlock's audit log. Written from docs/compliance alone; uses nothing of Interlock and, but for the
signature of checkpoints (package `cryptography`), nothing outside the standard library.

Records come on standard input as kcat prints them:

    kcat -b BROKER -C -t audit.v1 -o beginning -f '%h\\t%s\\n' |
        audit_copy.py --out copy.ndjson --http https://audit.example --token-file token --key 'VKEY'

A gap in `logindex` is printed as `GAP expected=.. first=..` and repaired over HTTP. At the end of the input the copy is compared with
the newest checkpoint: exit 0 when the root is the same, 1 when not, 3 when the copy is shorter than the checkpoint.
"""

import argparse
import base64
import hashlib
import os
import re
import sys
import urllib.error
import urllib.request

LOGINDEX = re.compile(rb"(?:^|,)logindex=(0|[1-9][0-9]{0,14})(?:,|$)")


class Gap(Exception):
    """Entries are missing and cannot be had."""


def leaf_hash(event: bytes) -> bytes:
    """RFC 6962 section 2.1."""
    return hashlib.sha256(b"\x00" + event).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """RFC 6962 section 2.1."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Tree:
    """The right edge of a Merkle tree: (level, hash) of its perfect subtrees, from left to right."""

    def __init__(self) -> None:
        self.edge: list[tuple[int, bytes]] = []
        self.size = 0
        self.roots: dict[int, bytes] = {}

    def append(self, leaf: bytes) -> None:
        level = 0
        while self.edge and self.edge[-1][0] == level:
            leaf = node_hash(self.edge.pop()[1], leaf)
            level += 1
        self.edge.append((level, leaf))
        self.size += 1

    def root(self) -> bytes:
        if not self.edge:
            return hashlib.sha256(b"").digest()
        root = self.edge[-1][1]
        for _, left in reversed(self.edge[:-1]):
            root = node_hash(left, root)
        return root


class Checkpoint:
    """A signed note of three lines: origin, size, root (C2SP tlog-checkpoint)."""

    def __init__(self, note: bytes) -> None:
        text, separator, signatures = note.rpartition(b"\n\n")
        if not separator:
            raise ValueError("a checkpoint has an empty line before its signatures")
        self.text = text + b"\n"
        origin, size, root = text.decode("utf-8").split("\n")
        self.origin, self.size, self.root = origin, int(size), base64.b64decode(root, validate=True)
        self.signatures = [line.split(" ") for line in signatures.decode("utf-8").splitlines()]

    def signed_by(self, vkey: str) -> bool:
        """True when the Ed25519 key `name+hash+base64` signed it."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        name, key_hash, encoded = vkey.split("+", 2)
        key = base64.b64decode(encoded)
        expected = hashlib.sha256(name.encode() + b"\n" + key).digest()[:4]
        if key[0] != 1 or expected.hex() != key_hash or self.origin != name:
            return False
        for _, signer, signature in (line for line in self.signatures if len(line) == 3):
            raw = base64.b64decode(signature)
            if signer != name or raw[:4] != expected:
                continue
            try:
                Ed25519PublicKey.from_public_bytes(key[1:]).verify(raw[4:], self.text)
                return True
            except InvalidSignature:
                return False
        return False


class Http:
    """The log over HTTP, for repairs and checkpoints."""

    def __init__(self, base: str, token: str) -> None:
        self.base, self.token = base.rstrip("/"), token

    def get(self, path: str):
        request = urllib.request.Request(self.base + path, headers={"Authorization": "Bearer " + self.token})
        return urllib.request.urlopen(request, timeout=60)

    def events(self, begin: int, end: int):
        with self.get(f"/v1/audit/events?from={begin}&to={end}") as response:
            for line in response:
                yield line[:-1]

    def checkpoint(self) -> Checkpoint:
        with self.get("/v1/audit/log/checkpoint") as response:
            return Checkpoint(response.read())


class Copy:
    """The copy on disk, one event a line, and the tree over it."""

    def __init__(self, path: str, http: Http, say=print) -> None:
        self.http, self.say, self.tree = http, say, Tree()
        self.leaves: list[bytes] = []
        if os.path.exists(path):
            with open(path, "rb") as known:
                for line in known:
                    self._count(line[:-1])
        self.file = open(path, "ab")

    def take(self, index: int, event: bytes) -> None:
        if index < len(self.leaves):
            if leaf_hash(event) != self.leaves[index]:
                raise Gap(f"CONFLICT index={index}: the same index with other bytes")
            return
        if index > len(self.leaves):
            self.fill(index)
        self._keep(event)

    def fill(self, end: int) -> None:
        expected = len(self.leaves)
        self.say(f"GAP expected={expected} first={end}")
        try:
            for event in self.http.events(expected, end):
                self._keep(event)
        except urllib.error.HTTPError as error:
            raise Gap(f"GAP expected={expected} first={end}: the log answered {error.code} {error.read().decode()[:200]}") from error
        if len(self.leaves) != end:
            raise Gap(f"GAP expected={len(self.leaves)} first={end}: it could not be repaired")
        self.say(f"REPAIRED next={end}")

    def _keep(self, event: bytes) -> None:
        self.file.write(event + b"\n")
        self._count(event)

    def _count(self, event: bytes) -> None:
        leaf = leaf_hash(event)
        self.leaves.append(leaf)
        self.tree.append(leaf)

    def root_at(self, size: int) -> bytes:
        tree = Tree()
        for leaf in self.leaves[:size]:
            tree.append(leaf)
        return tree.root()

    def sync(self) -> None:
        self.file.flush()
        os.fsync(self.file.fileno())


def records(stream):
    """(logindex, event) of each line kcat printed."""
    for line in stream:
        headers, tab, event = line.rstrip(b"\n").partition(b"\t")
        index = LOGINDEX.search(headers)
        if not tab or index is None:
            raise Gap("a record has no logindex header")
        yield int(index.group(1)), event


def check(copy: Copy, checkpoint: Checkpoint, key: "str | None") -> int:
    """Compares the copy with a checkpoint and says how it stands."""
    if key is None:
        print("UNSIGNED no --key was given: the signature was not looked at")
    elif not checkpoint.signed_by(key):
        print("BAD_SIGNATURE the checkpoint is not signed by the log")
        return 1
    if checkpoint.size > len(copy.leaves):
        print(f"BEHIND the checkpoint is of {checkpoint.size} entries, the copy has {len(copy.leaves)}")
        return 3
    if copy.root_at(checkpoint.size) != checkpoint.root:
        print(f"MODIFIED the copy is not the log the checkpoint of {checkpoint.size} entries is of")
        return 1
    print(f"VERIFIED {checkpoint.size} entries, root {checkpoint.root.hex()}")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--http", required=True)
    parser.add_argument("--token-file", required=True)
    parser.add_argument("--key")
    options = parser.parse_args()
    with open(options.token_file, encoding="utf-8") as token:
        http = Http(options.http, token.read().strip())
    copy = Copy(options.out, http)
    try:
        for index, event in records(sys.stdin.buffer):
            copy.take(index, event)
    except Gap as gap:
        print(gap)
        return 1
    finally:
        copy.sync()
    checkpoint = http.checkpoint()
    if checkpoint.size > len(copy.leaves):
        copy.fill(checkpoint.size)
        copy.sync()
    return check(copy, checkpoint, options.key)


if __name__ == "__main__":
    sys.exit(main())
