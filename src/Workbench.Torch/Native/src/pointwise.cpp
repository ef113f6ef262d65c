// Operations on each element alone.
#include "shim.h"

#define UNARY(name)                                        \
    WB_API int32_t wb_##name(Handle self, Handle* out) {   \
        return give(out, [&] { return at::name(*self); }); \
    }

UNARY(abs)
UNARY(neg)
UNARY(exp)
UNARY(expm1)
UNARY(log)
UNARY(log2)
UNARY(log10)
UNARY(log1p)
UNARY(sqrt)
UNARY(rsqrt)
UNARY(square)
UNARY(reciprocal)
UNARY(sin)
UNARY(cos)
UNARY(tanh)
UNARY(erf)
UNARY(sigmoid)
UNARY(log_sigmoid)
UNARY(relu)
UNARY(silu)
UNARY(floor)
UNARY(ceil)
UNARY(round)
UNARY(trunc)
UNARY(sign)
UNARY(isnan)
UNARY(isinf)
UNARY(isfinite)
UNARY(logical_not)
UNARY(bitwise_not)

WB_API int32_t wb_gelu(Handle self, bool tanh, Handle* out) {
    return give(out, [&] { return at::gelu(*self, tanh ? "tanh" : "none"); });
}

WB_API int32_t wb_add(Handle self, Handle other, const ScalarValue* alpha, Handle* out) {
    return give(out, [&] { return at::add(*self, *other, alpha->value()); });
}
WB_API int32_t wb_add_scalar(Handle self, const ScalarValue* other, const ScalarValue* alpha, Handle* out) {
    return give(out, [&] { return at::add(*self, other->value(), alpha->value()); });
}
WB_API int32_t wb_add_(Handle self, Handle other, const ScalarValue* alpha) {
    return guarded([&] { self->add_(*other, alpha->value()); });
}
WB_API int32_t wb_add_scalar_(Handle self, const ScalarValue* other, const ScalarValue* alpha) {
    return guarded([&] { self->add_(other->value(), alpha->value()); });
}

#define BINARY(name)                                                   \
    WB_API int32_t wb_##name(Handle self, Handle other, Handle* out) { \
        return give(out, [&] { return at::name(*self, *other); });     \
    }
#define BINARY_SCALAR(name)                                                                 \
    WB_API int32_t wb_##name##_scalar(Handle self, const ScalarValue* other, Handle* out) { \
        return give(out, [&] { return at::name(*self, other->value()); });                  \
    }
#define BINARY_IN_PLACE(name)                                                   \
    WB_API int32_t wb_##name##_(Handle self, Handle other) {                    \
        return guarded([&] { self->name##_(*other); });                         \
    }                                                                           \
    WB_API int32_t wb_##name##_scalar_(Handle self, const ScalarValue* other) { \
        return guarded([&] { self->name##_(other->value()); });                 \
    }

BINARY(sub)
BINARY_SCALAR(sub)
BINARY_IN_PLACE(sub)
BINARY(mul)
BINARY_SCALAR(mul)
BINARY_IN_PLACE(mul)
BINARY(div)
BINARY_SCALAR(div)
BINARY_IN_PLACE(div)
BINARY(pow)
BINARY_SCALAR(pow)
BINARY(remainder)
BINARY_SCALAR(remainder)
BINARY(maximum)
BINARY(minimum)
BINARY(eq)
BINARY_SCALAR(eq)
BINARY(ne)
BINARY_SCALAR(ne)
BINARY(lt)
BINARY_SCALAR(lt)
BINARY(le)
BINARY_SCALAR(le)
BINARY(gt)
BINARY_SCALAR(gt)
BINARY(ge)
BINARY_SCALAR(ge)
BINARY(logical_and)
BINARY(logical_or)
BINARY(bitwise_and)
BINARY(bitwise_or)
BINARY(bitwise_xor)

WB_API int32_t wb_pow_of_scalar(const ScalarValue* base, Handle exponent, Handle* out) {
    return give(out, [&] { return at::pow(base->value(), *exponent); });
}

WB_API int32_t wb_addcmul_(Handle self, Handle one, Handle two, const ScalarValue* value) {
    return guarded([&] { self->addcmul_(*one, *two, value->value()); });
}
WB_API int32_t wb_addcmul(Handle self, Handle one, Handle two, const ScalarValue* value, Handle* out) {
    return give(out, [&] { return self->addcmul(*one, *two, value->value()); });
}
WB_API int32_t wb_addcdiv_(Handle self, Handle one, Handle two, const ScalarValue* value) {
    return guarded([&] { self->addcdiv_(*one, *two, value->value()); });
}
WB_API int32_t wb_addcdiv(Handle self, Handle one, Handle two, const ScalarValue* value, Handle* out) {
    return give(out, [&] { return self->addcdiv(*one, *two, value->value()); });
}

static Optional<at::Scalar> bound(const ScalarValue* value) { return value ? Optional<at::Scalar>(value->value()) : absent; }
WB_API int32_t wb_clamp(Handle self, const ScalarValue* min, const ScalarValue* max, Handle* out) {
    return give(out, [&] { return at::clamp(*self, bound(min), bound(max)); });
}
WB_API int32_t wb_clamp_(Handle self, const ScalarValue* min, const ScalarValue* max) {
    return guarded([&] { self->clamp_(bound(min), bound(max)); });
}

WB_API int32_t wb_zero_(Handle self) {
    return guarded([&] { self->zero_(); });
}
WB_API int32_t wb_fill_(Handle self, const ScalarValue* value) {
    return guarded([&] { self->fill_(value->value()); });
}

WB_API int32_t wb_where(Handle condition, Handle self, Handle other, Handle* out) {
    return give(out, [&] { return at::where(*condition, *self, *other); });
}

WB_API int32_t wb_masked_fill(Handle self, Handle mask, const ScalarValue* value, Handle* out) {
    return give(out, [&] { return self->masked_fill(*mask, value->value()); });
}
WB_API int32_t wb_masked_fill_(Handle self, Handle mask, const ScalarValue* value) {
    return guarded([&] { self->masked_fill_(*mask, value->value()); });
}

WB_API int32_t wb_equal(Handle self, Handle other, bool* out) {
    return guarded([&] { *out = at::equal(*self, *other); });
}
WB_API int32_t wb_allclose(Handle self, Handle other, double rtol, double atol, bool equal_nan, bool* out) {
    return guarded([&] { *out = at::allclose(*self, *other, rtol, atol, equal_nan); });
}
