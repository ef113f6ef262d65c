using System.Collections.Frozen;
using Workbench.Language.Jinja.Filters;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Tests;

/// <summary>The tests that exist.</summary>
internal static class TestRegistry
{
    private static readonly FrozenDictionary<string, TestDefinition> All = new[]
    {
        TestDefinition.Of("odd", "test_odd(value)", (context, a) => Operators.Modulo(context, a[0]!, IntValue.Of(2)).EqualTo(IntValue.Of(1))),
        TestDefinition.Of("even", "test_even(value)", (context, a) => Operators.Modulo(context, a[0]!, IntValue.Of(2)).EqualTo(IntValue.Of(0))),
        TestDefinition.Of("divisibleby", "test_divisibleby(value, num)", (context, a) => Operators.Modulo(context, a[0]!, a[1]!).EqualTo(IntValue.Of(0))),
        TestDefinition.OfValue("defined", "test_defined(value)", value => value is not UndefinedValue),
        TestDefinition.OfValue("undefined", "test_undefined(value)", value => value is UndefinedValue),
        TestDefinition.Of("filter", "test_filter(|, value)", (_, a) => Hashed(a[0]!) is StringValue name && FilterRegistry.Find(name.Text) is not null),
        TestDefinition.Of("test", "test_test(|, value)", (_, a) => Hashed(a[0]!) is StringValue name && Find(name.Text) is not null),
        TestDefinition.OfValue("none", "test_none(value)", value => value is NoneValue),
        TestDefinition.OfValue("boolean", "test_boolean(value)", value => value is BoolValue),
        TestDefinition.OfValue("false", "test_false(value)", value => value is BoolValue { Value: false }),
        TestDefinition.OfValue("true", "test_true(value)", value => value is BoolValue { Value: true }),
        TestDefinition.OfValue("integer", "test_integer(value)", value => value is IntValue or BigIntValue),
        TestDefinition.OfValue("float", "test_float(value)", value => value is FloatValue),
        TestDefinition.Of("lower", "test_lower(value)", (context, a) => StringTests.IsLower(a[0]!.ToStr(context).Text)),
        TestDefinition.Of("upper", "test_upper(value)", (context, a) => StringTests.IsUpper(a[0]!.ToStr(context).Text)),
        TestDefinition.OfValue("string", "test_string(value)", value => value is StringValue),
        TestDefinition.OfValue("mapping", "test_mapping(value)", value => value is DictValue),
        TestDefinition.OfValue("number", "test_number(value)", value => Numbers.IsNumber(value)),
        TestDefinition.OfValue("sequence", "test_sequence(value)", value =>
            value is StringValue or SequenceValue or DictValue or RangeValue or UndefinedValue or BytesValue),
        TestDefinition.Of("iterable", "test_iterable(value)", (context, a) => a[0]!.Iterate(context) is not null),
        TestDefinition.Callable(),
        TestDefinition.Of("sameas", "test_sameas(value, other)", (_, a) => IsSame(a[0]!, a[1]!)),
        TestDefinition.OfValue("escaped", "test_escaped(value)", value => value is StringValue { IsMarkup: true }),
        TestDefinition.Of("in", "test_in(value, seq)", (context, a) => Comparison.Contains(context, a[1]!, a[0]!)),
        TestDefinition.Operator("==", "eq", ComparisonOperator.Equal),
        TestDefinition.Operator("eq", "eq", ComparisonOperator.Equal),
        TestDefinition.Operator("equalto", "eq", ComparisonOperator.Equal),
        TestDefinition.Operator("!=", "ne", ComparisonOperator.NotEqual),
        TestDefinition.Operator("ne", "ne", ComparisonOperator.NotEqual),
        TestDefinition.Operator(">", "gt", ComparisonOperator.Greater),
        TestDefinition.Operator("gt", "gt", ComparisonOperator.Greater),
        TestDefinition.Operator("greaterthan", "gt", ComparisonOperator.Greater),
        TestDefinition.Operator(">=", "ge", ComparisonOperator.GreaterOrEqual),
        TestDefinition.Operator("ge", "ge", ComparisonOperator.GreaterOrEqual),
        TestDefinition.Operator("<", "lt", ComparisonOperator.Less),
        TestDefinition.Operator("lt", "lt", ComparisonOperator.Less),
        TestDefinition.Operator("lessthan", "lt", ComparisonOperator.Less),
        TestDefinition.Operator("<=", "le", ComparisonOperator.LessOrEqual),
        TestDefinition.Operator("le", "le", ComparisonOperator.LessOrEqual),
    }.ToFrozenDictionary(test => test.Name);

    /// <summary>Names in alphabetical order.</summary>
    public static IEnumerable<string> Names => All.Keys.Order(StringComparer.Ordinal);

    public static TestDefinition? Find(string name) => All.GetValueOrDefault(name);

    // A name is looked up in a Python dict, which hashes it first.
    private static Value Hashed(Value value)
    {
        _ = value.Hash();
        return value;
    }

    // Small integers and short strings are single objects in CPython; None, True and False always are.
    private static bool IsSame(Value left, Value right) => ReferenceEquals(left, right) || (left, right) switch
    {
        (NoneValue, NoneValue) => true,
        (BoolValue a, BoolValue b) => a.Value == b.Value,
        (IntValue a, IntValue b) => a.Value == b.Value && a.Value is >= -5 and <= 256,
        (StringValue a, StringValue b) => a.Text == b.Text && a.IsMarkup == b.IsMarkup && a.Text.Length <= 1,
        (TupleValue a, TupleValue b) => a.Items.Length == 0 && b.Items.Length == 0,
        _ => false,
    };
}
