#!/usr/bin/env bash
# Builds artifacts/native/libworkbench_torch.so over the libtorch that CMake finds (TORCH_HOME or Torch_DIR choose another).
# Says nothing and does nothing when nothing changed.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../../.." && pwd)
output="$root/artifacts/native"
work="$output/build"
library="$output/libworkbench_torch.so"
stamp="$output/.built"

die() { printf 'native shim: %s\n' "$*" >&2; exit 1; }

# What the library depends on besides the sources: which libtorch, and these settings.
settings="torch=${TORCH_HOME:-}${Torch_DIR:-} compiler=${CXX:-c++}"

if [ -f "$library" ] && [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$settings" ] &&
    [ -z "$(find "$here" -newer "$stamp" -print -quit)" ]; then
    exit 0
fi

command -v cmake >/dev/null || die "cmake is missing. Install it: apt-get install cmake"
command -v "${CXX:-c++}" >/dev/null || command -v g++ >/dev/null || die "a C++ compiler is missing. Install one: apt-get install g++"

mkdir -p "$work"
log="$output/build.log"
generator=()
if [ ! -f "$work/CMakeCache.txt" ] && command -v ninja >/dev/null; then generator=(-G Ninja); fi
# A stamp from before the build: a file saved meanwhile makes the next call build again.
printf '%s' "$settings" >"$stamp.new"

printf 'native shim: compiling over libtorch\n' >&2
if [ -f "$work/settings" ] && [ "$(cat "$work/settings")" != "$settings" ]; then
    rm -rf "$work" && mkdir -p "$work"
    if command -v ninja >/dev/null; then generator=(-G Ninja); fi
fi
printf '%s' "$settings" >"$work/settings"

if ! cmake -S "$here" -B "$work" "${generator[@]}" -DWORKBENCH_OUTPUT="$output" -DCMAKE_BUILD_TYPE=Release >"$log" 2>&1; then
    cat "$log" >&2
    die "CMake found no usable libtorch. Install Debian's (apt-get install libtorch-dev libopenblas0-pthread) or set TORCH_HOME to an unpacked libtorch."
fi
if ! cmake --build "$work" --parallel "$(nproc)" >"$log" 2>&1; then
    cat "$log" >&2
    die "the shim does not compile against this libtorch (the compiler's messages are above, also in $log)"
fi
[ -f "$library" ] || die "the build made no $library (see $log)"
mv "$stamp.new" "$stamp"
