#!/usr/bin/env bash
# Hard ends: port in use, folder not writable, disk full, model missing or damaged,
# unknown setting, locked folder, newer schema. One sentence each, and the exit codes
# of the command line: 1 failure, 2 wrong use. Root needs a read-only and a small tmpfs
# for what chmod does not stop.
set -uo pipefail
cd "$(dirname "$0")/.."
. test/lib.sh
work=$(mktemp -d)
failed=0
cleanup() {
  jobs -p | xargs -r kill 2>/dev/null
  umount "$work/ro" "$work/small" 2>/dev/null
  rm -rf "$work"
}
trap cleanup EXIT

# expect CODE TEXT COMMAND…: exit code, one line on stderr that holds the text.
expect() {
  local want=$1 text=$2 code
  shift 2
  timeout 60 "$@" > "$work/out" 2> "$work/err"
  code=$?
  if [ $code -ne "$want" ] || ! grep -q "$text" "$work/err" || [ "$(grep -c '^feierabend: ' "$work/err")" -ne 1 ] || grep -q 'goroutine' "$work/err"; then
    echo "hard end: exit $code (want $want), stderr: $(cat "$work/err")"
    failed=1
  else
    printf 'hard end: %s\n' "$(grep '^feierabend: ' "$work/err")"
  fi
}
fb=$FEIERABEND_BIN
# Live mode takes its secrets sealed only.
"$fb" secret keygen --out "$work/age.key" > /dev/null || { echo "FAIL no key"; exit 1; }
export FEIERABEND_AGE_KEY_FILE=$work/age.key
live=(env FEIERABEND_PUBLIC_URL=http://localhost:28080 FEIERABEND_WHATSAPP_PHONE_NUMBER_ID=1
  FEIERABEND_SMTP_HOST=127.0.0.1 FEIERABEND_SMTP_TLS=off FEIERABEND_MAIL_FROM=a@b.example FEIERABEND_OPERATOR_CONTACT=c)
for s in MASTER_KEYS=1:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY= ROOT_KEY=ZmVkY2JhOTg3NjU0MzIxMGZlZGNiYTk4NzY1NDMyMTA= \
  WHATSAPP_TOKEN=t WHATSAPP_APP_SECRET=s WHATSAPP_VERIFY_TOKEN=v; do
  live+=("$(printf '%s' "${s#*=}" | "$fb" secret seal "FEIERABEND_${s%%=*}")")
done

expect 2 'FEIERABEND_LISTEN' env FEIERABEND_LISTN=:1 "$fb" serve --demo
expect 2 'muss eine ganze Zahl sein' env FEIERABEND_SMTP_PORT=viele "$fb" serve --demo
expect 2 'FEIERABEND_PUBLIC_URL fehlt' "$fb" serve
expect 2 'Meinten Sie „serve“' "$fb" sevre

python3 -c 'import socket,time; s=socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1); s.bind(("127.0.0.1",28080)); s.listen(); time.sleep(300)' &
until (exec 3<> /dev/tcp/127.0.0.1/28080) 2>/dev/null; do sleep 0.1; done
expect 1 'schon belegt' "${live[@]}" FEIERABEND_DATA="$work/d1" FEIERABEND_LISTEN=127.0.0.1:28080 "$fb" serve

mkdir "$work/ro" "$work/small" "$work/m"
mount -t tmpfs -o ro,size=1m none "$work/ro" && mount -t tmpfs -o size=64k none "$work/small" || { echo "hard end: cannot mount a tmpfs (root needed)"; failed=1; }
expect 1 'darf Feierabend nicht schreiben' env FEIERABEND_DATA="$work/ro/data" "$fb" serve --demo
expect 1 'kein Platz\|Platz schaffen' env FEIERABEND_DATA="$work/small/data" "$fb" serve --demo

printf 'kein Modell' > "$work/m/ggml-base-q8_0.bin"
expect 1 'Sprachmodell' env FEIERABEND_MODELS="$work/m" "$fb" transcribe test/speech/000.ogg
expect 1 'Sprachmodell' env FEIERABEND_MODELS="$work/none" "$fb" transcribe test/speech/000.ogg
expect 1 'Sprachmodell' env FEIERABEND_MODELS="$work/none" "$fb" demo --out "$work/out1"

# A running service owns its folder: a second one says so, a command goes through it.
env FEIERABEND_DATA="$work/d2" FEIERABEND_LISTEN=127.0.0.1:28181 FEIERABEND_SIMULATOR_LISTEN=127.0.0.1:28182 "$fb" serve --demo > "$work/ready" 2> /dev/null &
service=$!
until grep -q '^bereit' "$work/ready"; do kill -0 $service || { echo "hard end: the service never came up"; exit 1; }; sleep 0.1; done
expect 1 'gehört einem laufenden Feierabend' env FEIERABEND_DATA="$work/d2" "$fb" serve --demo
# Not through a pipe: a grep that ends at the first hit breaks it under the one who still writes.
FEIERABEND_MODE=demo FEIERABEND_DATA="$work/d2" "$fb" tenant list > "$work/list" 2>&1 && grep -q 'Deichgrün' "$work/list" || { echo "hard end: tenant list through the running service: $(cat "$work/list")"; failed=1; }
kill $service
wait $service
[ $? -eq 0 ] || { echo "hard end: SIGTERM did not end the service cleanly"; failed=1; }

# A database of a newer program is refused and left alone.
python3 - "$work/d2/feierabend.db" <<'PY'
import sqlite3, sys
db = sqlite3.connect(sys.argv[1])
db.execute("INSERT INTO goose_db_version(version_id, is_applied) VALUES (9999, 1)")
db.commit()
PY
expect 1 'neuer' env FEIERABEND_DATA="$work/d2" "$fb" serve --demo
exit $failed
