# SPDX-License-Identifier: GPL-3.0-or-later
# What the work scripts share. They run as pid-1 children of a sandbox, with descriptor 3 to announce what they do.
set -u
repo=${PARAPET_REPO:-meridian/ledger}
task=${PARAPET_TASK:-PLAT-1000}
tree=$HOME/src/${repo##*/}
seed=$(printf '%s' "${PARAPET_WORKSPACE:-}${PARAPET_ACTOR:-}" | cksum)
seed=${seed%% *}
turn=$((seed % 97))

# announce ACTION TEXT…: one line to the host; never fails the work.
announce() {
    printf '%s' "$*" 1>&3 2>/dev/null || :
}

# rest SECONDS: waits that long and up to half as long again, differently in each workspace and each time.
rest() {
    turn=$(((turn * 31 + 17) % 1009))
    sleep $(($1 + turn % ($1 / 2 + 1)))
}

# call SECRET URL [curl option…]: one request through the gateway. The credential goes in by standard input, never in the command line.
call() {
    secret=/run/secrets/$1
    url=$2
    shift 2
    [ -n "$url" ] && command -v curl >/dev/null || return 0
    {
        case $secret in
            */git | */database) [ -r "$secret" ] && printf 'user = "%s"\n' "$(cat "$secret")" ;;
            *) [ -r "$secret" ] && printf 'header = "Authorization: Bearer %s"\n' "$(cat "$secret")" ;;
        esac
        :
    } | curl --silent --max-time 20 --output /dev/null --proxy "$PARAPET_PROXY" --cacert "$PARAPET_CA" --config - "$@" "$url" || :
}

# checkout: makes the source tree when it is not there yet.
checkout() {
    mkdir -p "$tree/src" "$tree/tests" "$tree/build" "$HOME/notes"
    [ -e "$tree/README.md" ] && return
    printf '# %s\n\nWork on %s.\n' "$repo" "$task" >"$tree/README.md"
    for module in journal entry balance transfer report; do
        {
            printf '"""%s: part of %s."""\n\n' "$module" "$repo"
            for number in 1 2 3 4 5 6; do
                printf 'def %s_%s(amount, account):\n    return account.apply(amount * %s)\n\n' "$module" "$number" "$number"
            done
        } >"$tree/src/$module.py"
        printf 'def test_%s(account):\n    assert %s_1(1, account)\n' "$module" "$module" >"$tree/tests/test_$module.py"
    done
}

# pick: one of the source files, another one each time.
pick() {
    turn=$(((turn * 31 + 17) % 1009))
    set -- "$tree"/src/*.py
    shift $((turn % $#))
    printf '%s' "$1"
}

# edit FILE TEXT: a change to a file, which never grows beyond 120 lines.
edit() {
    printf '# %s: %s\n' "$task" "$2" >>"$1"
    if [ "$(wc -l <"$1")" -gt 120 ]; then
        head -n 60 "$1" >"$1.new" && mv "$1.new" "$1"
    fi
    announce file.edit "${1#"$HOME"/}"
}

# build: what a compiler would do to a disk: read all, write objects, pack them, keep a log of 200 lines.
build() {
    announce command.run "make -C ${tree#"$HOME"/} all"
    for file in "$tree"/src/*.py; do
        name=${file##*/}
        awk '{ words += NF; print NR ":" words ":" length($0) }' "$file" >"$tree/build/${name%.py}.o"
    done
    sha256sum "$tree"/build/*.o | sort >"$tree/build/objects.sha256"
    cat "$tree"/build/*.o | gzip -c >"$tree/build/${repo##*/}.tar.gz"
    printf 'built %s objects\n' "$(wc -l <"$tree/build/objects.sha256")" >>"$tree/build/build.log"
    tail -n 200 "$tree/build/build.log" >"$tree/build/build.log.new" && cat "$tree/build/build.log.new" >"$tree/build/build.log"
    rm -f "$tree/build/build.log.new"
}

# check: the tests, as far as grep and sort can run them.
check() {
    announce command.run "pytest ${tree#"$HOME"/}/tests"
    grep -c assert "$tree"/tests/*.py | sort -t: -k2 -n >"$tree/build/test-report.txt"
}

git_fetch() {
    announce git.fetch "$repo"
    call git "${PARAPET_GIT_URL:+$PARAPET_GIT_URL/$repo.git/info/refs?service=git-upload-pack}"
}

git_push() {
    announce git.push "$repo $task"
    call git "${PARAPET_GIT_URL:+$PARAPET_GIT_URL/$repo.git/git-receive-pack}" --request POST --data-binary "@$tree/build/objects.sha256"
}

query_database() {
    call database "${PARAPET_DB_URL:+$PARAPET_DB_URL/v1/query}" --request POST --data 'select count(*) from entries'
}

pull_image() {
    call registry "${PARAPET_REGISTRY_URL:+$PARAPET_REGISTRY_URL/v2/$repo/manifests/latest}"
}

assume_role() {
    call cloud "${PARAPET_CLOUD_URL:+$PARAPET_CLOUD_URL/sts/caller-identity}"
}
