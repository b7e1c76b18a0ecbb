#!/bin/sh
# leash.sh <program> [arguments]: runs a program that must not outlive whoever started it.
# Standard input is the leash: a pipe that the starter holds open and never writes to. It ends when the
# starter dies, even by kill -9; then the program is asked to stop, and made to after $LEASH_GRACE seconds.
# Start it as the leader of a process group of its own. Its exit code is the program's.
exec 3<&0
"$@" </dev/null 3<&- &
program=$!

{
  trap '' TERM INT HUP
  cat <&3 >/dev/null
  kill -TERM "$program"
  left=$((${LEASH_GRACE:-15} * 4))
  while [ "$left" -gt 0 ] && kill -0 "$program"; do
    sleep 0.25
    left=$((left - 1))
  done
  kill -KILL "-$$"
} >/dev/null 2>&1 &
watcher=$!
exec 3<&-

trap 'kill -TERM "$program" 2>/dev/null' TERM INT HUP
while :; do
  wait "$program"
  code=$?
  kill -0 "$program" 2>/dev/null || break
done
kill -KILL "$watcher" 2>/dev/null
exit "$code"
