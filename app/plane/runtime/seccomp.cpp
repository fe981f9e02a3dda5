// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/plane/runtime/seccomp.h"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/syscall.h>

#include <cerrno>
#include <cstddef>
#include <vector>

namespace parapet::plane {

namespace {

#if defined(__x86_64__)
constexpr unsigned seccompArchitecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned seccompArchitecture = AUDIT_ARCH_AARCH64;
#else
constexpr unsigned seccompArchitecture = 0;
#endif

constexpr unsigned forbiddenCalls[] = {
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    SYS_unshare,
    SYS_setns,
    SYS_open_by_handle_at,
    SYS_name_to_handle_at,
    SYS_bpf,
    SYS_perf_event_open,
    SYS_userfaultfd,
    SYS_io_uring_setup,
    SYS_io_uring_enter,
    SYS_io_uring_register,
    SYS_keyctl,
    SYS_add_key,
    SYS_request_key,
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_kexec_load,
    SYS_reboot,
    SYS_swapon,
    SYS_swapoff,
    SYS_quotactl,
    SYS_acct,
    SYS_settimeofday,
    SYS_clock_settime,
    SYS_syslog,
    SYS_fsopen,
    SYS_fsmount,
    SYS_fsconfig,
    SYS_fspick,
    SYS_open_tree,
    SYS_move_mount,
    SYS_pidfd_getfd,
#if defined(SYS_mount_setattr)
    SYS_mount_setattr,
#endif
};

constexpr unsigned namespaceFlags =
    CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;

sock_filter statement(unsigned short code, unsigned value)
{
    return {code, 0, 0, value};
}

sock_filter jump(unsigned short code, unsigned value, unsigned char yes, unsigned char no)
{
    return {code, yes, no, value};
}

} // namespace

QByteArray sandboxFilter()
{
    if constexpr (seccompArchitecture == 0)
        return {};
    const unsigned refuse = SECCOMP_RET_ERRNO | EPERM;
    const unsigned unknown = SECCOMP_RET_ERRNO | ENOSYS;
    std::vector<sock_filter> program;
    program.push_back(statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)));
    program.push_back(jump(BPF_JMP | BPF_JEQ | BPF_K, seccompArchitecture, 1, 0));
    program.push_back(statement(BPF_RET | BPF_K, unknown)); // a foreign call table would make the numbers below lie
    program.push_back(statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)));
#if defined(__x86_64__)
    program.push_back(jump(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1)); // x32
    program.push_back(statement(BPF_RET | BPF_K, unknown));
#endif
    for (const unsigned call : forbiddenCalls) {
        program.push_back(jump(BPF_JMP | BPF_JEQ | BPF_K, call, 0, 1));
        program.push_back(statement(BPF_RET | BPF_K, refuse));
    }
    // clone3 hides its flags behind a pointer that BPF cannot follow; libc falls back to clone on ENOSYS.
    program.push_back(jump(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone3, 0, 1));
    program.push_back(statement(BPF_RET | BPF_K, unknown));
    program.push_back(jump(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 3));
    program.push_back(statement(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, args[0])));
    program.push_back(jump(BPF_JMP | BPF_JSET | BPF_K, namespaceFlags, 0, 1));
    program.push_back(statement(BPF_RET | BPF_K, refuse));
    program.push_back(statement(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    return QByteArray(reinterpret_cast<const char *>(program.data()), qsizetype(program.size() * sizeof(sock_filter)));
}

} // namespace parapet::plane
