#!/usr/bin/env bash
# Writes all business cases in every format and asks the referee, which runs the official rules: each must pass under
# --strict. Broken copies must fail, there and in "feierabend check". FEIERABEND_BIN names a built program.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bin=${FEIERABEND_BIN:-$work/feierabend}
[ -n "${FEIERABEND_BIN:-}" ] || CGO_ENABLED=0 go build -o "$bin" ./cmd/feierabend

good=$work/docs/good broken=$work/docs/broken
mkdir -p "$broken"
"$bin" invoice --out "$good/zugferd" test/invoices/*.json >/dev/null
"$bin" invoice --logo test/invoices/logo.png --out "$good/logo" test/invoices/01-standard.json test/invoices/10-lange-namen.json >/dev/null
mapfile -t public < <(grep -l '"buyer_reference"' test/invoices/*.json)
mapfile -t single < <(grep -L '"preceding"' "${public[@]}")
"$bin" invoice --format xrechnung-cii --out "$good/cii" "${single[@]}" >/dev/null
"$bin" invoice --format xrechnung-ubl --out "$good/ubl" "${public[@]}" >/dev/null
find "$good" -type f -exec "$bin" check {} + >"$work/check" || { cat "$work/check"; echo "FAIL: own check refuses a valid document"; exit 1; }

# spoil NAME FILE SED: a copy with one fault; the fault must have changed something.
spoil() {
  sed "$3" "$good/$2" >"$broken/$1.xml"
  if cmp -s "$good/$2" "$broken/$1.xml"; then echo "FAIL: fault $1 changed nothing"; exit 1; fi
  if "$bin" check "$broken/$1.xml" >/dev/null; then echo "FAIL: own check accepts $1"; exit 1; fi
}
std=zugferd/01-standard.xml
spoil gross $std 's|<ram:GrandTotalAmount>552.52<|<ram:GrandTotalAmount>552.53<|'
spoil payable $std 's|<ram:DuePayableAmount>552.52<|<ram:DuePayableAmount>500.00<|'
spoil line-sum $std 's|<ram:LineTotalAmount>464.30<|<ram:LineTotalAmount>464.31<|'
spoil line $std 's|<ram:LineTotalAmount>29.80<|<ram:LineTotalAmount>28.80<|'
spoil basis $std 's|<ram:BasisAmount>464.30<|<ram:BasisAmount>474.30<|'
spoil number $std 's|<ram:ID>RE-2026-0043</ram:ID>||'
spoil price $std 's|<ram:ChargeAmount>14.9<|<ram:ChargeAmount>-14.9<|'
spoil date $std 's|>20260210<|>20261310<|'
spoil currency-text $std 's|<ram:InvoiceCurrencyCode>EUR<|<ram:InvoiceCurrencyCode>Euro<|'
spoil tax-number $std 's|<ram:SpecifiedTaxRegistration><ram:ID schemeID="FC">[^<]*</ram:ID></ram:SpecifiedTaxRegistration>||'
spoil reason zugferd/03-kleinunternehmer.xml 's|<ram:ExemptionReason>[^<]*</ram:ExemptionReason>||'
spoil reverse-charge zugferd/04-13b.xml 's|<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE812345673</ram:ID></ram:SpecifiedTaxRegistration>||'
spoil leitweg cii/02-viele-seiten.xml 's|<ram:BuyerReference>[^<]*</ram:BuyerReference>||'
spoil skonto ubl/02-viele-seiten.xml 's|PROZENT=2.00#|PROZENT=2#|'
spoil contact ubl/14-abschlag.xml 's|<cbc:Telephone>[^<]*</cbc:Telephone>||'

tools/referee/run "$work/docs" --strict >"$work/verdicts" || true # the broken ones fail
head -1 "$work/verdicts"
wrong=$(grep '^FAIL good/' "$work/verdicts" || true)
missed=$(grep '^ok   broken/' "$work/verdicts" || true)
valid=$(grep -c '^ok   good/' "$work/verdicts" || true)
caught=$(grep -c '^FAIL broken/' "$work/verdicts" || true)
if [ -n "$wrong$missed" ] || [ "$valid" -ne "$(find "$good" -type f | wc -l)" ] || [ "$caught" -ne "$(find "$broken" -type f | wc -l)" ]; then
  printf '%s\n' "$wrong" "$missed"
  echo "FAIL: referee: $valid valid, $caught faults found"
  exit 1
fi
echo "ok: referee: $valid documents valid, $caught of $caught faults found"
