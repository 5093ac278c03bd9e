#!/bin/sh
# agent.sh MANIFEST STATE KEY.pem CATALOGUE-KEY.pem FLEET DEVICE: fetches what one night's manifest
# says, to prove that the manifest is all that a dumb box needs (mediaplan-manifest(5)).
#
# It trusts MANIFEST (MANIFEST.minisig beside it) only if KEY signed it, for this device, now, and no
# later one was obeyed; an item only if the catalogue that CATALOGUE-KEY signed lists its index; a
# chunk only if the index has its digest. STATE gets items/KEY, published by one rename, and a report
# (mediaplan-reports(5)). It connects and pulls; it serves nobody, for that takes more than a shell.
# Exit status: 0 all is there, 1 something is missing, 12 the manifest or the catalogue is refused.
set -eu
export LC_ALL=C
manifest=$1 state=$2 fleet=$5 device=$6
mkdir -p "$state/items" "$state/partial" "$state/reports"
tmp=$(mktemp -d "$state/.tmp.XXXXXX")
trap 'rm -rf "$tmp"' EXIT
now=$(date -u +%Y-%m-%dT%H:%M:%SZ)

refuse() { echo "agent.sh: refused: $*" >&2; exit 12; }
sha() { openssl dgst -sha256 -r | cut -c1-64; }

# signed FILE KEY: whether both signatures of FILE.minisig are KEY's.
signed() {
    sed -n 2p "$1.minisig" | openssl base64 -d -A | tail -c 64 > "$tmp/signature"
    sed -n 4p "$1.minisig" | openssl base64 -d -A > "$tmp/second"
    sed -n '3s/^trusted comment: //p' "$1.minisig" | tr -d '\n' > "$tmp/comment"
    cat "$tmp/signature" "$tmp/comment" > "$tmp/bound"
    verified "$1" "$tmp/signature" "$2" && verified "$tmp/bound" "$tmp/second" "$2"
}
verified() { openssl pkeyutl -verify -pubin -inkey "$3" -rawin -in "$1" -sigfile "$2" > "$tmp/said" 2>&1; }

# newer NAME SEQUENCE FILE: refuses a lower number than the last seen, and another file of the same.
newer() {
    sum=$(sha < "$3") last=0 lastsum=
    [ ! -f "$state/seen.$1" ] || read -r last lastsum < "$state/seen.$1"
    [ "$2" -gt "$last" ] || { [ "$2" -eq "$last" ] && [ "$sum" = "$lastsum" ]; } ||
        refuse "the $1 has number $2, but $last was obeyed already"
    echo "$2 $sum" > "$tmp/seen"
    mv "$tmp/seen" "$state/seen.$1"
}

# get PATH FILE LIMIT: from the first origin that has it, at most LIMIT bytes.
get() {
    for origin in $origins; do
        curl -gsf --proto =http,https -m 60 --url "$origin/$1" | head -c $(($3 + 1)) > "$2"
        [ ! -s "$2" ] || [ "$(wc -c < "$2")" -gt "$3" ] || return 0
    done
    return 1
}

# row CHUNKS SOURCE KIND BYTES WASTE SECONDS RESULT: a line of the report.
row() {
    jq -c --arg k "$key" --arg c "$1" --arg s "$2" --arg o "$3" --argjson b "$4" --argjson w "$5" \
        --argjson t "$6" --arg r "$7" --arg at "$(date -u +%Y-%m-%dT%H:%M:%SZ)" \
        '(.items[] | select(.key == $k)) as $i | {device, night, item: ($i.title // ($k / "@")[0]),
        version: ($i.version // ($k / "@")[1]), chunks: $c, source: $s, source_kind: $o, bytes: $b,
        waste_bytes: $w, seconds: $t, at: $at, paced: true, result: $r, completed: ($r == "local"),
        area: (if $i.wish then "wish" else "cache" end)}' "$manifest" >> "$state/reports/$night.jsonl"
}

# pull FIRST LAST BYTES-PER-SECOND USE KIND ID URL TOKEN: the chunks that are missing of a range.
pull() {
    awk -v a="$1" -v b="$2" '$1 >= a && $1 <= b' "$tmp/chunks" | while read -r n offset bytes digest; do
        [ ! -f "$part/$n" ] || continue
        read -r spent reserve < "$tmp/spent"
        [ "$4 $5" != "fallback origin" ] || reserve=$((reserve + bytes))
        [ $((spent + bytes)) -le "$fetchcap" ] && [ "$reserve" -le "$reservecap" ] || return 0
        : > "$tmp/head"; began=$(date +%s) result=refused
        curl -gs --proto =http,https -m 600 --limit-rate "$3" -D "$tmp/head" ${8:+-H "Authorization: Bearer $8"} \
            -r "$offset-$((offset + bytes - 1))" --url "$7" | head -c $((bytes + 1)) > "$tmp/body"
        took=$(($(date +%s) - began)) came=$(wc -c < "$tmp/body")
        echo "$((spent + came)) $reserve" > "$tmp/spent"
        if head -n 1 "$tmp/head" | grep -q '^HTTP/[0-9.]* 206' &&
            grep -qi "^content-range: bytes $offset-$((offset + bytes - 1))/" "$tmp/head"; then
            result=corrupt
            [ "$came" -ge "$bytes" ] || result=failed
            [ "$(sha < "$tmp/body")" != "$digest" ] || result=complete
        fi
        [ $result = complete ] || { row "" "$6" "$5" 0 "$came" "$took" $result; return 0; }
        mv "$tmp/body" "$part/$n"
        row "$n" "$6" "$5" "$bytes" 0 "$took" complete
    done
}

# known: whether the signed catalogue lists the item's index; then $tmp/chunks has its chunks.
known() {
    index=$(jq -r --arg k "$key" '.items[] | select(.key == $k).index // ""' "$manifest")
    count=$(jq '.shards | length' "$tmp/root.json") bits=0
    while [ $((1 << bits)) -lt "$count" ]; do bits=$((bits + 1)); done
    number=$((0x$(printf %s "$key" | sha | cut -c1-8) >> (32 - bits)))
    shard=$(jq -r ".shards[$number]" "$tmp/root.json")
    get "catalogue/$shard.json" "$tmp/shard" 16777216 && [ "$(sha < "$tmp/shard")" = "$shard" ] &&
        [ "$(jq -r --arg k "$key" '.items[$k] // ""' "$tmp/shard")" = "$index" ] &&
        get "indexes/$index" "$tmp/index" 16777216 && [ "$(sha < "$tmp/index")" = "$index" ] || return 1
    jq -r '.chunk_bytes as $c | .chunks as $d |
        [.files[].bytes as $b | range(0; $b; $c) | [$c, $b - .] | min] as $s |
        foreach range(0; $s | length) as $i ({o: 0, n: 0}; {o: (.o + .n), n: $s[$i]};
        "\($i) \(.o) \(.n) \($d[$i])")' "$tmp/index" > "$tmp/chunks"
}

signed "$manifest" "$3" || refuse "the manifest isn't signed by the key"
why=$(jq -r --arg f "$fleet" --arg d "$device" --arg now "$now" --rawfile c "$tmp/comment" '. as $m | if .schema != "mediaplan-manifest" or (.version | startswith("3.") | not) then "unknown format"
    elif (.critical // []) != [] then "it needs an agent that knows more"
    elif .fleet != $f or .device != $d then "it is for \(.fleet), \(.device)"
    elif ($c | startswith("plan:\($m.plan)\t") | not) or
        ($c | endswith("\tnight:\($m.night)\tsequence:\($m.sequence)") | not) then "another comment"
    elif [.night, .items[].key] | all(test("\\A[A-Za-z0-9_~][A-Za-z0-9._~@-]*\\z")) | not then "bad names"
    elif $now < .not_before or $now >= .expires then "it is for another time" else "" end' "$manifest")
[ -z "$why" ] || refuse "$why"
newer manifest "$(jq .sequence "$manifest")" "$manifest"
night=$(jq -r .night "$manifest")
fetchcap=$(jq .caps.fetch_bytes "$manifest") reservecap=$(jq .caps.reserve_bytes "$manifest")
echo "0 0" > "$tmp/spent"
origins=$(jq -r '[.ends[].base_url // empty] | unique[]' "$manifest")
get catalogue/root.json "$tmp/root.json" 16777216 &&
    get catalogue/root.json.minisig "$tmp/root.json.minisig" 4096 || { echo "no origin answers" >&2; exit 1; }
signed "$tmp/root.json" "$4" || refuse "the catalogue isn't signed by its key"
jq -e --arg f "$fleet" --arg now "$now" '.schema == "mediaplan-catalogue" and .fleet == $f and
    .expires > $now' "$tmp/root.json" > "$tmp/said" || refuse "the catalogue is another's, or expired"
newer catalogue "$(jq .sequence "$tmp/root.json")" "$tmp/root.json"

status=0
for key in $(jq -r '.items as $i | [.fetch[] | $i[.[1]].key] | unique[]' "$manifest"); do
    [ ! -f "$state/items/$key" ] || continue
    known || { echo "agent.sh: $key isn't in the signed catalogue" >&2; status=1; continue; }
    part=$state/partial/$key; mkdir -p "$part"
    while read -r n offset bytes digest; do
        [ ! -f "$part/$n" ] || [ "$(sha < "$part/$n")" = "$digest" ] || rm "$part/$n"
    done < "$tmp/chunks"
    jq -r --arg k "$key" '. as $m | (.items | map(.key) | index($k)) as $n | .items[$n] as $i |
        def whom: if .base_url then ["origin", .id, "\(.base_url)/\($i.path)"] else
            ["device", .id, "http://\(.address)/\($k)", .token] end;
        def piece: [($m.starts | fromdate) + .[0] * $m.slot_seconds, .[3], .[4]];
        [.fetch[] | select(.[1] == $n)] as $f | ($f[] | . as $r | $m.ends[.[2]] |
        select(.base_url or (.address // "") != "") | ($r | piece) + [$r[5] * 125, "plan"] + whom),
        (($i.fallbacks // [])[] as $e | $f[] | piece + [1000000000, "fallback"] + ($m.ends[$e] | whom)) |
        @tsv' "$manifest" > "$tmp/sources"
    while IFS=$(printf '\t') read -r starts first last rate use kind id url token; do
        while [ "$(date +%s)" -lt "$starts" ]; do sleep 1; done
        [ "$use" = fallback ] || [ -z "$token" ] || token=$(printf %s "$starts $key $first $last" |
            openssl dgst -sha256 -hmac "$token" -r | cut -c1-32)
        pull "$first" "$last" "$rate" "$use" "$kind" "$id" "$url" "$token"
    done < "$tmp/sources"
    if [ "$(ls "$part" | wc -l)" -eq "$(wc -l < "$tmp/chunks")" ]; then
        while read -r n offset bytes digest; do cat "$part/$n"; done < "$tmp/chunks" > "$tmp/whole"
        mv "$tmp/whole" "$state/items/$key"
        rm -r "$part"
        row all "" "" 0 0 0 local
    else status=1; fi
done
exit $status
