// Keeps the memory of freed tensors for the next ones. A training step allocates what the step before it freed; given back to the
// system in between, every page of it is taken away, zeroed and mapped again (measured: a fifth of a step of a 135M model).
#include "shim.h"

#include <c10/core/Allocator.h>
#include <sys/mman.h>

#include <algorithm>
#include <list>
#include <map>
#include <mutex>

namespace {

constexpr size_t smallest = size_t(1) << 18;  // smaller ones malloc keeps by itself
constexpr size_t page = 4096;

class MemoryPool final : public c10::Allocator {
   public:
    // Leaked on purpose: tensors may outlive everything.
    static MemoryPool& instance() {
        static auto* pool = new MemoryPool();
        return *pool;
    }

    void use(bool on) {
        std::lock_guard<std::mutex> guard(lock_);
        if (plain_ == nullptr) {
            plain_ = c10::GetAllocator(c10::DeviceType::CPU);
            c10::SetAllocator(c10::DeviceType::CPU, this, 255);
        }
        peak_ = used_;
        if (!on) make_room(0, 0);
        on_ = on;
    }

#if TORCH_VERSION_MAJOR * 100 + TORCH_VERSION_MINOR >= 203
    c10::DataPtr allocate(size_t bytes) override { return take(bytes); }
    void copy_data(void* to, const void* from, size_t bytes) const override { default_copy_data(to, from, bytes); }
#else
    c10::DataPtr allocate(size_t bytes) const override { return const_cast<MemoryPool*>(this)->take(bytes); }
#endif

   private:
    struct Block {
        void* data;
        size_t size;
    };

    c10::DataPtr take(size_t bytes) {
        std::unique_lock<std::mutex> guard(lock_);
        if (!on_ || bytes < smallest) {
            guard.unlock();
            return plain_->allocate(bytes);
        }
        const size_t size = rounded(bytes);
        // The smallest kept block that fits and is at most twice as large: batches differ in length.
        auto found = by_size_.lower_bound(size);
        auto* block = new Block{nullptr, size};
        if (found != by_size_.end() && found->first <= 2 * size) {
            *block = *found->second;
            kept_ -= block->size;
            by_age_.erase(found->second);
            by_size_.erase(found);
        } else {
            // What is mapped stays within a tenth of the most that was ever in use at once.
            const size_t most = std::max(peak_, used_ + size);
            make_room(size, most + most / 10);
            block->data = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (block->data == MAP_FAILED) {
                make_room(0, 0);
                block->data = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            }
            if (block->data == MAP_FAILED) {
                delete block;
                TORCH_CHECK(false, "DefaultCPUAllocator: can't allocate memory: you tried to allocate ", bytes, " bytes.");
            }
            madvise(block->data, size, MADV_HUGEPAGE);  // advice: without it the pages are only smaller
        }
        used_ += block->size;
        peak_ = std::max(peak_, used_);
        return {block->data, block, &give_back, c10::Device(c10::DeviceType::CPU)};
    }

    static void give_back(void* context) {
        auto& pool = instance();
        std::unique_ptr<Block> block(static_cast<Block*>(context));
        std::lock_guard<std::mutex> guard(pool.lock_);
        pool.used_ -= block->size;
        if (!pool.on_) {
            munmap(block->data, block->size);
            return;
        }
        pool.by_age_.push_back(*block);
        pool.by_size_.emplace(block->size, std::prev(pool.by_age_.end()));
        pool.kept_ += block->size;
    }

    // Unmaps the blocks that were freed longest ago until `size` more bytes fit below `limit`.
    void make_room(size_t size, size_t limit) {
        while (!by_age_.empty() && used_ + kept_ + size > limit) {
            const auto oldest = by_age_.begin();
            auto entry = by_size_.lower_bound(oldest->size);
            while (entry->second != oldest) ++entry;
            by_size_.erase(entry);
            munmap(oldest->data, oldest->size);
            kept_ -= oldest->size;
            by_age_.erase(oldest);
        }
    }

    // Eight sizes from each power of two to the next, so that batches of nearly the same length share blocks.
    static size_t rounded(size_t bytes) {
        size_t step = page;
        while (step * 16 <= bytes) step *= 2;
        return (bytes + step - 1) / step * step;
    }

    std::mutex lock_;
    bool on_ = false;
    c10::Allocator* plain_ = nullptr;  // what libtorch had before
    size_t used_ = 0, kept_ = 0, peak_ = 0;
    std::list<Block> by_age_;
    std::multimap<size_t, std::list<Block>::iterator> by_size_;
};

}  // namespace

// From now on the memory of large tensors on the CPU is kept when they are freed, or, with false, given back to the system.
WB_API int32_t wb_keep_memory(bool keep) {
    return guarded([&] { MemoryPool::instance().use(keep); });
}
