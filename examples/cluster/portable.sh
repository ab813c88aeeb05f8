#!/usr/bin/env bash
# portable.sh FOLDER: the command line with its libraries and models in a folder that any Linux of the same processor runs, without Debian
# and without root. It is called among the tools: ./dev shell examples/cluster/portable.sh FOLDER
set -euo pipefail

checkout=$(dirname "$(readlink -f "$0")")/../..
program=$checkout/build/release/leukolens
mkdir -p "$1/lib"
cp "$program" "$1/lib/leukolens"
cp "$checkout"/models/{flagship,locator}.safetensors "$1"
ldd "$program" | grep -o '/[^ ]*' | xargs cp -Lt "$1/lib"
cat > "$1/leukolens" << 'END'
#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
export LEUKOLENS_MODELS="$here"
exec "$here"/lib/ld-linux-* --library-path "$here/lib" "$here/lib/leukolens" "$@"
END
chmod +x "$1/leukolens"
