using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

internal enum ComparisonOperator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
    NotIn,
}

/// <summary><c>==</c>, ordering and <c>in</c> with Python's rules across types.</summary>
internal static class Comparison
{
    /// <summary>Identity or equality, as containers compare their items.</summary>
    public static bool Same(Value left, Value right) => ReferenceEquals(left, right) || left.EqualTo(right);

    public static bool Evaluate(RenderContext context, ComparisonOperator operation, Value left, Value right) => operation switch
    {
        ComparisonOperator.Equal => left.EqualTo(right),
        ComparisonOperator.NotEqual => !left.EqualTo(right),
        ComparisonOperator.In => Contains(context, right, left),
        ComparisonOperator.NotIn => !Contains(context, right, left),
        _ => Order(operation, left, right),
    };

    /// <summary><c>left &lt; right</c> as sorting uses it.</summary>
    public static bool Less(Value left, Value right) => Order(ComparisonOperator.Less, left, right);

    public static bool Contains(RenderContext context, Value container, Value item)
    {
        switch (container)
        {
            case StringValue text:
                context.ChargeReading(text);
                return item is StringValue part
                    ? TextSearch.Contains(text.Text, part.Text)
                    : throw PythonError.TypeError($"'in <string>' requires string as left operand, not {item.TypeName}");
            case DictValue dict:
                return dict.Get(item) is not null;
            case DictViewValue { Kind: DictViewKind.Keys } keys:
                return keys.Dict.Get(item) is not null;
            case SequenceValue sequence:
                context.Charge(sequence.Items.Length / 8);
                foreach (var candidate in sequence.Items)
                {
                    if (Same(candidate, item))
                    {
                        return true;
                    }
                }

                return false;
        }

        var items = container.Iterate(context)
            ?? throw PythonError.TypeError($"argument of type '{container.TypeName}' is not iterable");
        while (items.MoveNext())
        {
            context.Charge(1);
            if (Same(items.Current, item))
            {
                return true;
            }
        }

        return false;
    }

    private static bool Order(ComparisonOperator operation, Value left, Value right)
    {
        if (left is StringValue a && right is StringValue b)
        {
            return Holds(operation, CompareCodePoints(a.Text, b.Text));
        }

        if (Numbers.IsNumber(left) && Numbers.IsNumber(right) && left is not ComplexValue && right is not ComplexValue)
        {
            return Numbers.CompareReals(left, right) is { } order && Holds(operation, order);
        }

        if (left is SequenceValue first && right is SequenceValue second && first is ListValue == second is ListValue)
        {
            return OrderSequences(operation, first.Items, second.Items);
        }

        if (left is UndefinedValue || right is UndefinedValue)
        {
            throw ((left as UndefinedValue) ?? (UndefinedValue)right).Fail();
        }

        throw PythonError.TypeError(
            $"'{Symbol(operation)}' not supported between instances of '{left.TypeName}' and '{right.TypeName}'");
    }

    private static bool OrderSequences(ComparisonOperator operation, Value[] left, Value[] right)
    {
        Recursion.Check(1 + Math.Min(left.Length, right.Length));
        for (var index = 0; index < left.Length && index < right.Length; index++)
        {
            if (!Same(left[index], right[index]))
            {
                return Order(operation, left[index], right[index]);
            }
        }

        return Holds(operation, left.Length.CompareTo(right.Length));
    }

    // UTF-16 order differs from code point order only between surrogates and the characters above them.
    private static int CompareCodePoints(string left, string right)
    {
        Recursion.ChargeReading(Math.Min(left.Length, right.Length));
        var common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
        {
            return left.Length.CompareTo(right.Length);
        }

        return Rank(left[common]).CompareTo(Rank(right[common]));
    }

    private static int Rank(char character) => char.IsSurrogate(character) ? character + 0x10000 : character;

    private static bool Holds(ComparisonOperator operation, int order) => operation switch
    {
        ComparisonOperator.Less => order < 0,
        ComparisonOperator.LessOrEqual => order <= 0,
        ComparisonOperator.Greater => order > 0,
        _ => order >= 0,
    };

    private static string Symbol(ComparisonOperator operation) => operation switch
    {
        ComparisonOperator.Less => "<",
        ComparisonOperator.LessOrEqual => "<=",
        ComparisonOperator.Greater => ">",
        _ => ">=",
    };
}
