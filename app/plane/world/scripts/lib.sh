# SPDX-License-Identifier: GPL-3.0-or-later
# What the work scripts share. They run as pid-1 children of a sandbox, with descriptor 3 to announce what they do. What they show on
# their terminal is what they do: run() prints a command, then runs that very text.
set -u
repo=${PARAPET_REPO:-meridian/ledger}
task=${PARAPET_TASK:-PLAT-1000}
name=${repo##*/}
tree=$HOME/src/$name
seed=$(printf '%s' "${PARAPET_WORKSPACE:-}${PARAPET_ACTOR:-}" | cksum)
seed=${seed%% *}
turn=$((seed % 97))
round=0

# announce ACTION TEXT…: one line to the host; never fails the work.
announce() {
    printf '%s' "$*" 1>&3 2>/dev/null || :
}

# show TEXT: a prompt and a command, as an interactive shell has them.
show() {
    case $PWD in
        "$HOME"*) place='~'${PWD#"$HOME"} ;;
        *) place=$PWD ;;
    esac
    printf '\033[1;32m%s\033[0m:\033[1;34m%s\033[0m$ %s\n' "${PARAPET_ACTOR:-dev}" "$place" "$1"
}

# run COMMAND: shows it and runs it; its output is on the terminal. Nothing is typed, so it reads nothing.
run() {
    show "$1"
    eval "$1" </dev/null
}

# rest SECONDS: waits that long and up to half as long again, differently in each workspace and each time. The first round goes by
# at once: whoever looks at a new workspace finds that its people have begun.
rest() {
    turn=$(((turn * 31 + 17) % 1009))
    [ "$round" -gt 0 ] || set -- 2
    sleep $(($1 + turn % ($1 / 2 + 1)))
}

# round_done: the first round, and then each fourth, is a piece of work of its own: what the terminal shows next is recorded anew.
round_done() {
    [ $((round % 4)) -eq 0 ] && announce terminal.end
    round=$((round + 1))
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
    } | curl --silent --show-error --max-time 20 --output /dev/null --write-out 'HTTP %{http_code}, %{size_download} bytes in %{time_total} s\n' \
        --proxy "$PARAPET_PROXY" --cacert "$PARAPET_CA" --config - "$@" "$url" 2>&1 || :
}

# request SECRET URL [curl option…]: shows the call and makes it; a service that this workspace does not have is left out.
request() {
    [ -n "$2" ] || return 0
    show "call $*"
    call "$@"
}

# tool FILE: a script of the project, from standard input.
tool() {
    cat >"tools/$1"
    chmod 755 "tools/$1"
}

# checkout: makes the source tree when it is not there yet, and goes there.
checkout() {
    mkdir -p "$tree/src" "$tree/tests" "$tree/build" "$tree/tools" "$HOME/notes"
    cd "$tree" || exit 1
    # What a compiler would do to a disk: read all, write objects, pack them, keep a log of 200 lines.
    tool build <<'EOF'
#!/bin/sh
for file in src/*.py; do
    object=build/$(basename "$file" .py).o
    awk '{ words += NF; print NR ":" words ":" length($0) }' "$file" >"$object"
    printf '  \033[36mOBJ\033[0m   %-24s %6d bytes\n' "$object" "$(wc -c <"$object")"
done
sha256sum build/*.o | sort >build/objects.sha256
cat build/*.o | gzip -c >build/package.tar.gz
printf '  \033[36mPACK\033[0m  %-24s %6d bytes\n' build/package.tar.gz "$(wc -c <build/package.tar.gz)"
printf 'built %s objects\n' "$(wc -l <build/objects.sha256)" | tee -a build/build.log
tail -n 200 build/build.log >build/build.log.new && cat build/build.log.new >build/build.log
rm -f build/build.log.new
EOF
    # Each function that a test asserts something of must be there.
    tool check <<'EOF'
#!/bin/sh
for file in tests/*.py; do
    state='\033[32mPASS\033[0m'
    for function in $(sed -n 's/.*assert \([a-z_0-9]*\)(.*/\1/p' "$file"); do
        grep -q "^def $function(" src/*.py || { state='\033[31mFAIL\033[0m'; }
    done
    printf "  $state  %s (%s assertions)\n" "$file" "$(grep -c assert "$file")"
done | tee build/test-report.txt
EOF
    [ -e README.md ] && return
    printf '# %s\n\nWork on %s.\n' "$repo" "$task" >README.md
    for module in journal entry balance transfer report; do
        {
            printf '"""%s: part of %s."""\n\n' "$module" "$repo"
            for number in 1 2 3 4 5 6; do
                printf 'def %s_%s(amount, account):\n    return account.apply(amount * %s)\n\n' "$module" "$number" "$number"
            done
        } >"src/$module.py"
        printf 'def test_%s(account):\n    assert %s_1(1, account)\n    assert %s_4(4, account)\n' "$module" "$module" "$module" >"tests/test_$module.py"
    done
}

# pick: one of the source files, another one each time.
pick() {
    turn=$(((turn * 31 + 17) % 1009))
    set -- src/*.py
    shift $((turn % $#))
    printf '%s' "$1"
}

# edit FILE TEXT: a change to a file, which never grows beyond 120 lines.
edit() {
    cp "$1" build/before
    run "printf '# %s: %s\\n' '$task' '$2' >>$1"
    if [ "$(wc -l <"$1")" -gt 120 ]; then
        run "head -n 60 $1 >$1.new && mv $1.new $1"
    fi
    announce file.edit "src/$name/$1"
    run "diff -U1 --color=always build/before $1"
}

build() {
    announce command.run "tools/build (src/$name)"
    run tools/build
}

check() {
    announce command.run "tools/check (src/$name)"
    run tools/check
}

git_fetch() {
    announce git.fetch "$repo"
    request git "${PARAPET_GIT_URL:+$PARAPET_GIT_URL/$repo.git/info/refs?service=git-upload-pack}"
}

git_push() {
    announce git.push "$repo $task"
    request git "${PARAPET_GIT_URL:+$PARAPET_GIT_URL/$repo.git/git-receive-pack}" --request POST --data-binary @build/objects.sha256
}

query_database() {
    request database "${PARAPET_DB_URL:+$PARAPET_DB_URL/v1/query}" --request POST --data 'select count(*) from entries'
}

pull_image() {
    request registry "${PARAPET_REGISTRY_URL:+$PARAPET_REGISTRY_URL/v2/$repo/manifests/latest}"
}

assume_role() {
    request cloud "${PARAPET_CLOUD_URL:+$PARAPET_CLOUD_URL/sts/caller-identity}"
}
