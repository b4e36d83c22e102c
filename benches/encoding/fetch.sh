#!/usr/bin/env bash
# Fetches and unpacks the packages that the data of language detection is made of: benches/encoding/fetch.sh FOLDER (needs apt-get and dpkg of a Debian
# 12 with its package lists; some 200 MB). Then: texts.py FOLDER/unpacked FOLDER/texts, model.py FOLDER/texts, ideographs.py FOLDER/texts.
set -euo pipefail
mkdir -p "$1/packages" "$1/unpacked"; cd "$1/packages"
manuals=$(apt-cache search --names-only '^manpages-' | awk '$1 != "manpages-dev" { print $1 }')
programs="adduser apt aptitude-common bash binutils-common coreutils debconf debconf-i18n diffutils digikam-data dolphin dpkg findutils freeciv-data
  gcc-12-locales gettext gnucash-common gnupg-l10n grep grub-common iso-codes kate5-data kdenlive-data konsole krita-l10n libkf5i18n-data
  libkf5widgetsaddons-data libkf5xmlgui-data make passwd popularity-contest sed tar tasksel-data util-linux-locales vlc-l10n wget"
books="debian-handbook installation-guide-amd64 libreoffice-help-ca libreoffice-help-et libreoffice-help-eu libreoffice-help-gl libreoffice-help-hi
  libreoffice-help-sk libreoffice-help-sl libreoffice-help-tr libreoffice-l10n-bg libreoffice-l10n-lt"
apt-get download $manuals $programs $books
for package in *.deb; do dpkg -x "$package" "../unpacked/${package%%_*}"; done
