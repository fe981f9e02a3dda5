// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/terminal/arena.h"

#include <cstdlib>
#include <cstring>
#include <new>

namespace parapet::terminal {

namespace {

constexpr size_t arenaGrain = alignof(std::max_align_t);
constexpr size_t largePiece = 64 * 1024;

size_t arenaRound(size_t size)
{
    return (std::max<size_t>(size, 1) + arenaGrain - 1) / arenaGrain * arenaGrain;
}

} // namespace

Arena::Arena(size_t slotSize) : m_slotSize(arenaRound(slotSize)), m_memory(static_cast<std::byte *>(std::malloc(heapSize + slotCount * m_slotSize)))
{
    static_assert(sizeof(Piece) % arenaGrain == 0);
    if (!m_memory)
        throw std::bad_alloc();
}

Arena::~Arena()
{
    std::free(m_memory);
}

void *Arena::allocate(size_t size)
{
    size = arenaRound(size);
    if (size > largePiece) {
        for (int i = 0; size <= m_slotSize && i < slotCount; ++i) {
            if (m_head.used[i] == 0) {
                m_head.used[i] = size;
                return std::memset(slot(i), 0, size);
            }
        }
        return nullptr;
    }
    for (size_t at = 0; at < m_head.top;) {
        auto *piece = reinterpret_cast<Piece *>(m_memory + at);
        if (piece->free && piece->size >= size) {
            if (piece->size > size + sizeof(Piece)) {
                auto *rest = new (m_memory + at + sizeof(Piece) + size) Piece{piece->size - size - sizeof(Piece), 1};
                Q_UNUSED(rest)
                piece->size = size;
            }
            piece->free = 0;
            return std::memset(piece + 1, 0, size);
        }
        at += sizeof(Piece) + piece->size;
    }
    if (m_head.top + sizeof(Piece) + size > heapSize)
        return nullptr;
    auto *piece = new (m_memory + m_head.top) Piece{size, 0};
    m_head.top += sizeof(Piece) + size;
    return std::memset(piece + 1, 0, size);
}

void Arena::release(void *memory)
{
    if (!memory)
        return;
    for (int i = 0; i < slotCount; ++i) {
        if (memory == slot(i)) {
            m_head.used[i] = 0;
            return;
        }
    }
    (static_cast<Piece *>(memory) - 1)->free = 1;
    joinFree();
}

/// Free neighbours become one, and what is free at the end goes back.
void Arena::joinFree()
{
    Piece *before = nullptr;
    size_t beforeAt = 0;
    for (size_t at = 0; at < m_head.top;) {
        auto *piece = reinterpret_cast<Piece *>(m_memory + at);
        const size_t next = at + sizeof(Piece) + piece->size;
        if (piece->free && before) {
            before->size += sizeof(Piece) + piece->size;
        } else {
            before = piece->free ? piece : nullptr;
            beforeAt = at;
        }
        at = next;
    }
    if (before)
        m_head.top = beforeAt;
}

QByteArray Arena::save() const
{
    size_t size = sizeof(Head) + m_head.top;
    for (const size_t used : m_head.used)
        size += used;
    QByteArray state(qsizetype(size), Qt::Uninitialized);
    char *out = state.data();
    const auto put = [&out](const void *from, size_t length) {
        std::memcpy(out, from, length);
        out += length;
    };
    put(&m_head, sizeof(Head));
    put(m_memory, m_head.top);
    for (int i = 0; i < slotCount; ++i)
        put(slot(i), m_head.used[i]);
    return state;
}

void Arena::restore(const QByteArray &state)
{
    const char *in = state.constData();
    const auto take = [&in](void *to, size_t length) {
        std::memcpy(to, in, length);
        in += length;
    };
    take(&m_head, sizeof(Head));
    take(m_memory, m_head.top);
    for (int i = 0; i < slotCount; ++i)
        take(slot(i), m_head.used[i]);
}

} // namespace parapet::terminal
