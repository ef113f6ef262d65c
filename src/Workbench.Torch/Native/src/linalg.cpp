// Matrix products.
#include "shim.h"

WB_API int32_t wb_matmul(Handle self, Handle other, Handle* out) {
    return give(out, [&] { return at::matmul(*self, *other); });
}
WB_API int32_t wb_mm(Handle self, Handle other, Handle* out) {
    return give(out, [&] { return at::mm(*self, *other); });
}
WB_API int32_t wb_bmm(Handle self, Handle other, Handle* out) {
    return give(out, [&] { return at::bmm(*self, *other); });
}
WB_API int32_t wb_mv(Handle self, Handle other, Handle* out) {
    return give(out, [&] { return at::mv(*self, *other); });
}
WB_API int32_t wb_dot(Handle self, Handle other, Handle* out) {
    return give(out, [&] { return at::dot(*self, *other); });
}
WB_API int32_t wb_outer(Handle self, Handle other, Handle* out) {
    return give(out, [&] { return at::outer(*self, *other); });
}
WB_API int32_t wb_addmm(Handle self, Handle mat1, Handle mat2, float beta, float alpha, Handle* out) {
    return give(out, [&] { return at::addmm(*self, *mat1, *mat2, beta, alpha); });
}
WB_API int32_t wb_einsum(const char* equation, const Handle* list, int32_t count, Handle* out) {
    return give(out, [&] { return at::einsum(equation, tensors(list, count)); });
}
