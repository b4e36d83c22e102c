#!/usr/bin/env bash
# Collects running text in Chinese, Japanese, Thai, Hindi and Arabic from Debian packages into $OUT/<lang>.jsonl
# ({"src","paras"}, a page or file of a package each), word lists for edits into $OUT/<lang>.words, and the packages'
# licences into $OUT/licences.tsv. Nothing is installed: packages are downloaded and unpacked (dpkg -x) under $WORK only.
#   WORK=work OUT=text bash get_text.sh          NO_UPDATE=1 leaves apt-get update out
set -euo pipefail
WORK=${WORK:-work}
OUT=${OUT:-text}
HERE=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$WORK/deb" "$WORK/x" "$OUT"
WORK=$(cd "$WORK" && pwd); OUT=$(cd "$OUT" && pwd)
# pages and manuals
DOCS="libreoffice-help-zh-cn libreoffice-help-ja libreoffice-help-hi installation-guide-amd64 debian-handbook
debian-reference-ja debian-reference-zh-cn debian-reference-common debian-faq-ja debian-faq-zh-cn developers-reference-ja maint-guide-ja
maint-guide-zh-cn gnome-user-docs mate-user-guide"
# long strings of translations
STRINGS="libreoffice-l10n-th libreoffice-l10n-ar libreoffice-l10n-hi firefox-esr-l10n-th firefox-esr-l10n-ar
firefox-esr-l10n-hi-in thunderbird-l10n-th thunderbird-l10n-ar mediawiki wordpress-l10n evolution-common vlc-l10n krita-l10n
mate-utils-common mate-applets-common gnome-shell-common tuxpaint-data phpmyadmin dokuwiki gnucash-common audacity-data
system-config-printer-common pidgin-data gimp-data gnumeric-common firewalld libvirt-l10n digikam-data"
# questions that packages ask (debconf): their long descriptions
ASKS="exim4-config grub-pc dictionaries-common keyboard-configuration console-common samba-common debconf tzdata
console-setup popularity-contest xserver-xorg-legacy tasksel libc6 locales fontconfig-config"
# words, for edits
WORDS="python3-jieba hunspell-th"
if [ -z "${NO_UPDATE:-}" ]; then apt-get update -qq || true; fi
cd "$WORK/deb"
for p in $DOCS $STRINGS $ASKS $WORDS; do
  compgen -G "${p}_*.deb" >/dev/null || apt-get download -qq "$p" 2>/dev/null || { echo "skipped: $p" >&2; continue; }
  [ -e "$WORK/x/$p/.done" ] && continue
  for f in "${p}"_*.deb; do
    mkdir -p "$WORK/x/$p"
    dpkg -x "$f" "$WORK/x/$p"
    case " $(echo $ASKS) " in *" $p "*) dpkg --ctrl-tarfile "$f" | tar -xf - -C "$WORK/x/$p" ./templates ;; esac
    basename "$f" > "$WORK/x/$p/.done"
  done
done
python3 "$HERE/extract_text.py" "$WORK/x" "$OUT"
