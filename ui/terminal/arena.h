// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QByteArray>

#include <cstddef>
#include <memory>

namespace parapet::terminal {

/// The memory of one terminal: small pieces in a heap of its own, large ones (screen buffers) each in a slot. The addresses stay, so a
/// copy of what is used can be brought back later, pointers and all. Pages that nobody touched cost nothing.
class Arena
{
public:
    static constexpr size_t heapSize = 1024 * 1024;
    static constexpr int slotCount = 8; ///< three buffers live at once, four while one is made anew

    /// `slotSize`: bytes of the largest piece that will be asked for.
    explicit Arena(size_t slotSize);
    ~Arena();
    Arena(const Arena &) = delete;
    Arena &operator=(const Arena &) = delete;

    /// Zeroed. Null when there is no room: never for what a terminal of bounded size asks.
    void *allocate(size_t size);
    void release(void *piece);

    QByteArray save() const;
    void restore(const QByteArray &state);

private:
    struct Piece { ///< before each piece of the heap
        size_t size;
        size_t free;
    };
    struct Head {
        size_t top = 0;               ///< of the heap, in bytes
        size_t used[slotCount] = {};  ///< bytes of each slot; 0: free
    };
    std::byte *slot(int index) const { return m_memory + heapSize + size_t(index) * m_slotSize; }
    void joinFree();

    size_t m_slotSize;
    std::byte *m_memory;
    Head m_head;
};

} // namespace parapet::terminal
