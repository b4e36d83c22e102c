#!/usr/bin/env python3
"""Writes src/decode/tables.rs: the upper halves of single-byte encodings that encoding_rs lacks, from Python's codecs (made of the mapping files of
the Unicode consortium and of the makers). tables.py >src/decode/tables.rs"""
import codecs

TABLES = [('IBM437', 'cp437'), ('IBM737', 'cp737'), ('IBM850', 'cp850'), ('IBM852', 'cp852'), ('IBM855', 'cp855'), ('IBM857', 'cp857'),
          ('IBM862', 'cp862'), ('IBM864', 'cp864'), ('x-mac-ce', 'mac_latin2'), ('x-mac-greek', 'mac_greek'), ('x-mac-turkish', 'mac_turkish'),
          ('KOI8-T', 'koi8_t')]

print('''//! The upper halves of single-byte encodings that encoding_rs lacks; 0 where a byte means nothing.
//!
//! Made by `benches/encoding/tables.py` from Python's codecs, which are made of the mapping files of the Unicode consortium and of the makers.

/// Names (WHATWG has none for these: IANA's, or the usual) and characters of the bytes from 0x80 on.
pub(super) const TABLES: &[(&str, [u16; 128])] = &[''')
for name, codec in TABLES:
    decode = codecs.getdecoder(codec)
    units = []
    for byte in range(128, 256):
        try: units.append(ord(decode(bytes([byte]))[0]))
        except UnicodeDecodeError: units.append(0)
    # What Mac calls its apple stands in the private area: no character.
    assert all(u < 0x10000 for u in units)
    print(f'    (\n        "{name}",\n        [')
    for i in range(0, 128, 12): print('            ' + ' '.join(f'0x{u:04X},' for u in units[i:i + 12]))
    print('        ],\n    ),')
print('];')
