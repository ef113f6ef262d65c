// Exceptions become a status and a message.
#include "shim.h"

#include <new>
#include <string>

namespace {

thread_local std::string last_error;

bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

// libtorch has one exception type for nearly everything; what the caller must tell apart stands in the words.
Status classify(const std::string& message) {
    for (auto part : {"can't allocate memory", "not enough memory", "out of memory", "Storage size calculation overflowed"})
        if (contains(message, part)) return out_of_memory;
    for (auto part : {"not linked with support for", "from the 'CUDA' backend", "No CUDA GPUs", "no NVIDIA driver", "CUDA driver",
                      "invalid device ordinal", "Cannot initialize CUDA", "no CUDA-capable device", "without ATen_cuda",
                      "Torch not compiled with CUDA"})
        if (contains(message, part)) return no_device;
    return failed;
}

Status remember(Status status, const char* message) noexcept {
    try {
        last_error = message;
    } catch (...) {
        // No memory even for the message; the status alone still says what happened.
        last_error.clear();
    }
    return status;
}

}  // namespace

Status remember_current_exception() noexcept {
    try {
        throw;
    } catch (const c10::NotImplementedError& error) {
        auto status = classify(error.what_without_backtrace());
        return remember(status == failed ? not_supported : status, error.what_without_backtrace());
    } catch (const c10::Error& error) {
        return remember(classify(error.what_without_backtrace()), error.what_without_backtrace());
    } catch (const std::bad_alloc&) {
        return remember(out_of_memory, "std::bad_alloc: the system has no more memory");
    } catch (const std::exception& error) {
        return remember(classify(error.what()), error.what());
    } catch (...) {
        return remember(failed, "an exception of unknown type in libtorch");
    }
}

// The message of this thread's last failure; valid until its next one.
WB_API const char* wb_last_error() { return last_error.c_str(); }
