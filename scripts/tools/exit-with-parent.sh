#!/bin/sh
# exit-with-parent.sh <program> [arguments]: runs a program that must not outlive the process that started it.
# Standard input is a pipe that the parent holds open and never writes to. The pipe closes when the parent
# dies, even by kill -9. The script then asks the program to stop, and kills it after $EXIT_GRACE seconds.
# Start this script as the leader of a separate process group. Its exit code is the program's.
exec 3<&0
"$@" </dev/null 3<&- &
program=$!

{
  trap '' TERM INT HUP
  cat <&3 >/dev/null
  kill -TERM "$program"
  left=$((${EXIT_GRACE:-15} * 4))
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
