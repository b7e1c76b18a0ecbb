#!/usr/bin/env bash
# Makes previous-version.tar.zst: the data directory that the version before (commit 4c42332) leaves behind,
# with a run that waits for approval. Run it as root on Linux from a clone with history; it takes two minutes.
#   test/upgrade/make-fixture.sh [commit]
# Everything happens in /quarterdeck, so that no path of the machine gets into the fixture.
set -euo pipefail
commit=${1:-4c42332}
source=$(cd "$(dirname "$0")/../.." && pwd)
home=/quarterdeck
data=$home/.quarterdeck
[ ! -e "$home" ] || { echo "$home exists; remove it first" >&2; exit 1; }

mkdir -p "$home/tmp" "$data/tools" "$data/fixture"
git -C "$source" archive "$commit" | tar -x -C "$home"
cp -al "$source/node_modules" "$home/node_modules"
cp "$source/.quarterdeck/tools/temporal" "$data/tools/temporal"
export PATH=$home/node_modules/.bin:$PATH TMPDIR=$home/tmp

# A service, whose repository has an address that git redirects to a folder, and whose state is behind HTTP.
git_() { git -C "$home/tmp/demo" -c user.name=Ada -c user.email=ada@example.com "$@"; }
version() {
  sed -i "s/version-[0-9a-z]*/version-$1/" "$home/tmp/demo/terraform/main.tf"
  git_ commit -qam "Deploy version $1"
  git_ push -q "$data/fixture/shop.git" main
}
mkdir -p "$home/tmp/demo/terraform" "$data/fixture/stacks/network"
cat > "$home/tmp/demo/terraform/main.tf" <<'TF'
terraform {
  backend "http" {}
}
variable "environment" { type = string }
resource "terraform_data" "service" {
  input = { environment = var.environment, release = "version-0" }
}
output "release" { value = terraform_data.service.output.release }
TF
cat > "$data/fixture/stacks/network/main.tf" <<'TF'
terraform {
  backend "local" {}
}
resource "terraform_data" "network" {
  input = "10.10.0.0/16"
}
TF
git init -q --bare -b main "$data/fixture/shop.git"
git -C "$home/tmp/demo" init -q -b main
git_ add -A && git_ commit -qm 'Add the service' && version 1

cat > "$home/quarterdeck.yaml" <<'YAML'
services:
  shop:
    repo: https://git.example.com/shop.git
    terraform: terraform
    environments:
      production:
        approval: { approvers: [group:platform], selfApproval: false, timeout: 20000d }
stacks:
  network:
    directory: .quarterdeck/fixture/stacks/network
    backend: { path: .quarterdeck/fixture/network.tfstate }
groups:
  platform: [ada@example.com, grace@example.com]
YAML

export GIT_CONFIG_COUNT=1 GIT_CONFIG_VALUE_0=https://git.example.com/
export GIT_CONFIG_KEY_0="url.file://$data/fixture/.insteadOf"
export TEMPORAL_DEV_PORT=27233 TEMPORAL_DEV_UI_PORT=28233 PORT=23000
export TF_HTTP_ADDRESS=http://127.0.0.1:23001/state
cd "$home"
node "$source/test/upgrade/state-server.ts" "$data/fixture/state.json" 23001 &
states=$!
node scripts/start/main.ts > tmp/start.log 2>&1 &
start=$!
trap 'kill $states; kill -INT $start 2> /dev/null || true' EXIT

say() { local who=$1; shift; node cli/main.ts "$@" --as "$who@example.com"; }
until_line() { # until_line FILE TEXT
  for _ in $(seq 240); do grep -q "$2" "$1" 2> /dev/null && return; sleep 0.5; done
  echo "no \"$2\" in $1" >&2; exit 1
}
begin() { say "$@" | grep -oE '\b[0-9a-f]{6}\b' | head -1; }
until_status() { # until_status ID TEXT
  for _ in $(seq 240); do say ada status "$1" > tmp/status; grep -q "$2" tmp/status && return; sleep 0.5; done
  cat tmp/status >&2; echo "run $1 is not \"$2\"" >&2; exit 1
}
until_line tmp/start.log 'Ctrl-C'

say ada subscribe shop all
say grace subscribe shop failures
id=$(begin joan deploy shop production)
until_status "$id" 'Waiting for approval'
say grace approve "$id" looks good
until_status "$id" 'Deployed'
version 2
id=$(begin ada deploy shop production)
until_status "$id" 'Waiting for approval'
say grace deny "$id" wait for the load test
id=$(begin ada provision network)
until_status "$id" 'succeeded\|Applied\|Provisioned'
version 3
id=$(begin ada deploy shop production)
until_status "$id" 'Waiting for approval'
sleep 3

kill -INT $start && wait $start || true
node --input-type=module -e "
  import { DatabaseSync } from 'node:sqlite';
  const db = new DatabaseSync('$data/temporal.db');
  db.exec('pragma wal_checkpoint(truncate); pragma journal_mode = delete');"
# Logs, tools, caches and what belongs to a running start are not part of what an upgrade meets.
rm -rf "$data/fixture/stacks/.terraform"
tar --sort=name --owner=0 --group=0 --numeric-owner -C "$home" -cf - quarterdeck.yaml \
  .quarterdeck/store .quarterdeck/temporal.db .quarterdeck/artifacts .quarterdeck/fixture |
  zstd -q -19 --long=27 -f -o "$source/test/upgrade/previous-version.tar.zst"
ls -l "$source/test/upgrade/previous-version.tar.zst"
