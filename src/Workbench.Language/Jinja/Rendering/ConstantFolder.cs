using Workbench.Language.Jinja.Ast;
using Workbench.Language.Jinja.Filters;
using Workbench.Language.Jinja.Lexing;
using Workbench.Language.Jinja.Rendering.Nodes;
using Workbench.Language.Jinja.Tests;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Rendering;

/// <summary>
/// Evaluates expressions of literals once, at compile time, as Jinja2's optimizer does. That is not only speed: a branch
/// that a constant condition leaves out is never compiled, so its unknown filters are no error. Every constant comes twice,
/// plain and with the provenance of its literals.
/// </summary>
internal sealed class ConstantFolder(SourceText source)
{
    private static readonly RenderBounds Bounds = new(200_000, 1_000_000, 100_000, 1000, 100_000, 64 << 20, TimeSpan.FromSeconds(1));

    private readonly Dictionary<Expression, (Value Plain, Value Traced)?> known = [];
    private readonly RenderContext plainContext = NewContext(traced: false);
    private readonly RenderContext tracedContext = NewContext(traced: true);

    /// <summary>The value of an expression that is constant and that Jinja2 could write as a literal; else null.</summary>
    public (Value Plain, Value Traced)? Fold(Expression expression, Escaping escaping)
    {
        if (escaping == Escaping.Volatile)
        {
            return null;
        }

        if (known.TryGetValue(expression, out var found))
        {
            return found;
        }

        var plain = Evaluate(expression, escaping, traced: false);
        (Value, Value)? folded = plain is not null && IsLiteral(plain) && Evaluate(expression, escaping, traced: true) is { } traced
            ? (plain, traced)
            : null;
        known[expression] = folded;
        return folded;
    }

    /// <summary>The text of an output item that is constant, with provenance; here any value will do, as only its string is kept.</summary>
    public StringValue? FoldOutput(Expression item, Escaping escaping) => item switch
    {
        _ when escaping == Escaping.Volatile => null,
        DataExpression data => Data(data),
        NameExpression or CallExpression => null,
        _ => Text(item, escaping),
    };

    /// <summary>Template text, each line a run of its own so that positions stay exact.</summary>
    public StringValue Data(DataExpression data)
    {
        var text = new TextBuilder(traced: true);
        for (var start = 0; start < data.Text.Length;)
        {
            var newline = data.Text.IndexOf('\n', start);
            var end = newline < 0 ? data.Text.Length : newline + 1;
            text.Append(data.Text[start..end], source.PositionOf(data.Offset + start));
            start = end;
        }

        return text.ToValue();
    }

    /// <summary>A literal with its position.</summary>
    public Value Traced(ConstantExpression constant)
    {
        if (constant.Value is not StringValue text || text.Text.Length == 0)
        {
            return constant.Value;
        }

        return new StringValue(text.Text, false, [new Segment(text.Text.Length, source.PositionOf(constant.Offset), null)]);
    }

    private StringValue? Text(Expression item, Escaping escaping)
    {
        if (Evaluate(item, escaping, traced: true) is not { } value)
        {
            return null;
        }

        try
        {
            var context = ContextFor(escaping, traced: true);
            var text = escaping == Escaping.On ? StringOperations.Escape(context, value).Plain() : value.ToStr(context).Plain();
            var stamped = new TextBuilder(traced: true);
            stamped.Append(text);
            stamped.Stamp(0, source.PositionOf(item.Offset));
            return stamped.ToValue();
        }
        catch (PythonError)
        {
            // Left to the rendering, which raises it with its line.
            return null;
        }
    }

    private Value? Evaluate(Expression expression, Escaping escaping, bool traced)
    {
        // One budget for the whole template: what it does not cover is evaluated when rendered.
        var context = ContextFor(escaping, traced);
        if (context.IsExhausted || !IsConstant(expression))
        {
            return null;
        }

        try
        {
            return new Evaluation(this, context).Visit(expression);
        }
        catch (PythonError)
        {
            // Whatever goes wrong with a constant expression goes wrong again, and is reported, when it is rendered.
            return null;
        }
    }

    private static RenderContext NewContext(bool traced)
    {
        var context = new RenderContext();
        context.Start(Bounds, traced, default, CancellationToken.None);
        return context;
    }

    private RenderContext ContextFor(Escaping escaping, bool traced)
    {
        var context = traced ? tracedContext : plainContext;
        context.AutoEscape = escaping == Escaping.On;
        return context;
    }

    // A quick look for what is never constant saves most expressions the attempt.
    private static bool IsConstant(Expression expression) => expression switch
    {
        NameExpression or CallExpression => false,
        ConditionalExpression conditional => IsConstant(conditional.Test),
        BinaryExpression { Operator: BinaryOperator.And or BinaryOperator.Or } binary => IsConstant(binary.Left),
        BinaryExpression binary => IsConstant(binary.Left) && IsConstant(binary.Right),
        UnaryExpression unary => IsConstant(unary.Operand),
        FilterExpression filter => filter.Operand is not null && IsConstant(filter.Operand),
        TestExpression test => IsConstant(test.Operand),
        AttributeExpression attribute => IsConstant(attribute.Operand),
        ItemExpression item => IsConstant(item.Operand),
        CompareExpression compare => IsConstant(compare.First),
        ConcatExpression concat => concat.Items.All(IsConstant),
        TupleExpression tuple => tuple.Items.All(IsConstant),
        ListExpression list => list.Items.All(IsConstant),
        DictExpression dict => dict.Items.All(item => IsConstant(item.Key) && IsConstant(item.Value)),
        _ => true,
    };

    private static bool IsLiteral(Value value) => value switch
    {
        NoneValue or BoolValue or IntValue or BigIntValue or FloatValue or ComplexValue or RangeValue or StringValue => true,
        GroupValue => false,
        SequenceValue sequence => Array.TrueForAll(sequence.Items, IsLiteral),
        DictValue dict => dict.Entries.ToArray().All(entry => IsLiteral(entry.Key) && IsLiteral(entry.Value)),
        _ => false,
    };

    private sealed class Evaluation(ConstantFolder folder, RenderContext context)
    {
        /// <summary>The value, or null where the expression is not constant after all.</summary>
        public Value? Visit(Expression expression)
        {
            switch (expression)
            {
                case ConstantExpression constant:
                    return context.Traced ? folder.Traced(constant) : constant.Value;
                case DataExpression data:
                    return context.Traced ? folder.Data(data) : new StringValue(data.Text);
                case TupleExpression tuple:
                    return All(tuple.Items) is { } tupleItems ? new TupleValue(tupleItems) : null;
                case ListExpression list:
                    return All(list.Items) is { } listItems ? new ListValue(listItems) : null;
                case DictExpression dict:
                    return Dict(dict);
                case ConditionalExpression conditional:
                    return Visit(conditional.Test) is not { } test ? null
                        : test.IsTrue ? Visit(conditional.Then)
                        : conditional.Otherwise is null ? null : Visit(conditional.Otherwise);
                case BinaryExpression binary:
                    return Binary(binary);
                case UnaryExpression unary:
                    return Visit(unary.Operand) is not { } operand ? null : unary.Operator switch
                    {
                        UnaryOperator.Not => BoolValue.Of(!operand.IsTrue),
                        UnaryOperator.Negate => Operators.Negate(operand),
                        _ => Operators.Plus(operand),
                    };
                case ConcatExpression concat:
                    return Concat(concat);
                case CompareExpression compare:
                    return Compare(compare);
                case AttributeExpression attribute:
                    return Visit(attribute.Operand) is { } owner ? Access.Attribute(context, owner, attribute.Name) : null;
                case ItemExpression item:
                    return Visit(item.Operand) is { } container && Visit(item.Key) is { } key ? Access.Item(context, container, key) : null;
                case SliceExpression slice:
                    return Bound(slice.Start) is { } start && Bound(slice.Stop) is { } stop && Bound(slice.Step) is { } step
                        ? new SliceValue(start, stop, step)
                        : null;
                case FilterExpression filter:
                    return Filter(filter);
                case TestExpression tested:
                    return Test(tested);
                default:
                    return null;
            }
        }

        private Value? Bound(Expression? bound) => bound is null ? NoneValue.Instance : Visit(bound);

        private Value[]? All(IReadOnlyList<Expression> expressions)
        {
            var values = new Value[expressions.Count];
            for (var index = 0; index < values.Length; index++)
            {
                if (Visit(expressions[index]) is not { } value)
                {
                    return null;
                }

                values[index] = value;
            }

            return values;
        }

        private DictValue? Dict(DictExpression dict)
        {
            var result = new DictValue(dict.Items.Count);
            foreach (var (key, value) in dict.Items)
            {
                if (Visit(key) is not { } foldedKey || Visit(value) is not { } foldedValue)
                {
                    return null;
                }

                result.Set(foldedKey, foldedValue);
            }

            return result;
        }

        private Value? Binary(BinaryExpression binary)
        {
            if (Visit(binary.Left) is not { } left)
            {
                return null;
            }

            if (binary.Operator is BinaryOperator.And or BinaryOperator.Or)
            {
                return left.IsTrue == (binary.Operator == BinaryOperator.And) ? Visit(binary.Right) : left;
            }

            return Visit(binary.Right) is { } right ? BinaryNode.Apply(context, binary.Operator, left, right) : null;
        }

        private StringValue? Concat(ConcatExpression concat)
        {
            // Folding joins plain strings whatever the escaping: Jinja2's own folding does.
            if (All(concat.Items) is not { } values)
            {
                return null;
            }

            var text = context.NewText();
            foreach (var value in values)
            {
                value.WriteStr(text);
            }

            return context.Finish(text);
        }

        private BoolValue? Compare(CompareExpression compare)
        {
            var left = Visit(compare.First);
            foreach (var (operation, operand) in compare.Rest)
            {
                if (left is null || Visit(operand) is not { } right)
                {
                    return null;
                }

                if (!Comparison.Evaluate(context, operation, left, right))
                {
                    return BoolValue.False;
                }

                left = right;
            }

            return BoolValue.True;
        }

        private Value? Filter(FilterExpression filter)
        {
            if (filter.Operand is null || FilterRegistry.Find(filter.Name) is not { PassesContext: false } definition)
            {
                return null;
            }

            return Visit(filter.Operand) is { } operand && Arguments(filter.Arguments) is { } arguments
                ? definition.Invoke(context, operand, arguments)
                : null;
        }

        private BoolValue? Test(TestExpression test)
        {
            if (TestRegistry.Find(test.Name) is not { } definition)
            {
                return null;
            }

            return Visit(test.Operand) is { } operand && Arguments(test.Arguments) is { } arguments
                ? BoolValue.Of(definition.Invoke(context, operand, arguments))
                : null;
        }

        private Arguments? Arguments(CallArguments arguments)
        {
            if (arguments.Star is not null || arguments.DoubleStar is not null || All(arguments.Positional) is not { } positional)
            {
                return null;
            }

            var names = new List<KeyValuePair<string, Value>>();
            foreach (var (name, value) in arguments.Named)
            {
                if (Visit(value) is not { } folded)
                {
                    return null;
                }

                names.Add(new(name, folded));
            }

            return new Arguments(positional, [.. names]);
        }
    }
}
