// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>

namespace parapet::plane {

/// A classic BPF program (seccomp(2), struct sock_filter) for bwrap --seccomp: takes from a workspace the system calls
/// that serve only to leave a sandbox or to widen the kernel's attack surface (new namespaces, mounts, modules, BPF,
/// userfaultfd, io_uring, keys). Empty on a processor that it does not know: the namespaces still hold.
QByteArray sandboxFilter();

} // namespace parapet::plane
