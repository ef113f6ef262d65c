using Workbench.Language.Jinja.Ast;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Rendering.Nodes;

internal sealed class BinaryNode(BinaryOperator operation, Node left, Node right) : Node
{
    public override Value Evaluate(Frame frame)
    {
        var a = left.Evaluate(frame);
        var b = right.Evaluate(frame);
        return Apply(frame.Context, operation, a, b);
    }

    public static Value Apply(RenderContext context, BinaryOperator operation, Value left, Value right) => operation switch
    {
        BinaryOperator.Add => Operators.Add(context, left, right),
        BinaryOperator.Subtract => Operators.Subtract(context, left, right),
        BinaryOperator.Multiply => Operators.Multiply(context, left, right),
        BinaryOperator.Divide => Operators.Divide(context, left, right),
        BinaryOperator.FloorDivide => Operators.FloorDivide(context, left, right),
        BinaryOperator.Modulo => Operators.Modulo(context, left, right),
        _ => Operators.Power(context, left, right),
    };
}

/// <summary><c>a + b + c …</c>: plain strings are joined once instead of pairwise, or written straight to the output.</summary>
internal sealed class SumNode(Node[] terms) : Node
{
    public override Value Evaluate(Frame frame)
    {
        var context = frame.Context;
        var first = terms[0].Evaluate(frame);
        if (first is not StringValue { IsMarkup: false } || context.Traced)
        {
            return Fold(frame, first, 1);
        }

        var texts = new string[terms.Length];
        texts[0] = ((StringValue)first).Text;
        var length = texts[0].Length;
        for (var index = 1; index < terms.Length; index++)
        {
            var value = terms[index].Evaluate(frame);
            if (value is not StringValue { IsMarkup: false } text)
            {
                var partial = new StringValue(string.Concat(texts.AsSpan(0, index)));
                return Fold(frame, Operators.Add(context, partial, value), index + 1);
            }

            texts[index] = text.Text;
            length += text.Text.Length;
            StringOperations.CheckLength(context, length);
        }

        context.Charge(length >> 4);
        return new StringValue(string.Concat(texts));
    }

    public override void WriteTo(Frame frame, TextBuilder output)
    {
        // Only a plain string can stand at the front of a sum that is written piece by piece: what it is added to must be
        // a plain string as well, or the sum fails and the output with it.
        var start = output.Length;
        var first = terms[0].Evaluate(frame);
        if (first is not StringValue { IsMarkup: false })
        {
            Fold(frame, first, 1).WriteStr(output);
            return;
        }

        output.Append((StringValue)first);
        for (var index = 1; index < terms.Length; index++)
        {
            var value = terms[index].Evaluate(frame);
            if (value is StringValue { IsMarkup: false } text)
            {
                output.Append(text);
                continue;
            }

            var partial = new StringValue(output.Span[start..].ToString());
            var sum = Fold(frame, Operators.Add(frame.Context, partial, value), index + 1);
            output.Truncate(start);
            sum.WriteStr(output);
            return;
        }
    }

    private Value Fold(Frame frame, Value sum, int from)
    {
        for (var index = from; index < terms.Length; index++)
        {
            sum = Operators.Add(frame.Context, sum, terms[index].Evaluate(frame));
        }

        return sum;
    }
}

internal sealed class AndNode(Node left, Node right) : Node
{
    public override Value Evaluate(Frame frame)
    {
        var value = left.Evaluate(frame);
        return value.IsTrue ? right.Evaluate(frame) : value;
    }

    public override bool IsTrue(Frame frame) => left.IsTrue(frame) && right.IsTrue(frame);
}

internal sealed class OrNode(Node left, Node right) : Node
{
    public override Value Evaluate(Frame frame)
    {
        var value = left.Evaluate(frame);
        return value.IsTrue ? value : right.Evaluate(frame);
    }

    public override bool IsTrue(Frame frame) => left.IsTrue(frame) || right.IsTrue(frame);
}

internal sealed class NotNode(Node operand) : Node
{
    public override Value Evaluate(Frame frame) => BoolValue.Of(!operand.IsTrue(frame));

    public override bool IsTrue(Frame frame) => !operand.IsTrue(frame);
}

internal sealed class SignNode(Node operand, bool negative) : Node
{
    public override Value Evaluate(Frame frame) =>
        negative ? Operators.Negate(operand.Evaluate(frame)) : Operators.Plus(operand.Evaluate(frame));
}

/// <summary>A chain of comparisons; each middle operand is evaluated once.</summary>
internal sealed class CompareNode(Node first, (ComparisonOperator Operator, Node Operand)[] rest) : Node
{
    public override Value Evaluate(Frame frame) => BoolValue.Of(IsTrue(frame));

    public override bool IsTrue(Frame frame)
    {
        var left = first.Evaluate(frame);
        foreach (var (operation, operand) in rest)
        {
            var right = operand.Evaluate(frame);
            if (!Comparison.Evaluate(frame.Context, operation, left, right))
            {
                return false;
            }

            left = right;
        }

        return true;
    }
}

internal sealed class ConditionalNode(Node test, Node then, Node? otherwise, string position) : Node
{
    private readonly UndefinedValue undefined = UndefinedValue.Hint(
        $"the inline if-expression on {position} evaluated to false and no else section was defined.");

    public override Value Evaluate(Frame frame) =>
        test.IsTrue(frame) ? then.Evaluate(frame) : otherwise?.Evaluate(frame) ?? undefined;

    public override void WriteTo(Frame frame, TextBuilder output)
    {
        if (test.IsTrue(frame))
        {
            then.WriteTo(frame, output);
        }
        else
        {
            otherwise?.WriteTo(frame, output);
        }
    }
}

/// <summary><c>a ~ b</c>: the strings of all, Markup where autoescape is on and one of them is.</summary>
internal sealed class ConcatNode(Node[] items, Escaping escaping) : Node
{
    public override Value Evaluate(Frame frame)
    {
        var context = frame.Context;
        if (escaping == Escaping.On || escaping == Escaping.Volatile)
        {
            return JoinMarkup(context, TupleNode.EvaluateAll(items, frame));
        }

        var text = context.NewText();
        foreach (var item in items)
        {
            item.WriteTo(frame, text);
        }

        return context.Finish(text);
    }

    public override void WriteTo(Frame frame, TextBuilder output)
    {
        if (escaping != Escaping.Off)
        {
            Evaluate(frame).WriteStr(output);
            return;
        }

        foreach (var item in items)
        {
            item.WriteTo(frame, output);
        }
    }

    public static StringValue JoinMarkup(RenderContext context, Value[] values)
    {
        var parts = Array.ConvertAll(values, value => value.ToStr(context));
        var markup = Array.Exists(parts, part => part.IsMarkup);
        var text = context.NewText();
        foreach (var part in parts)
        {
            text.Append(markup ? StringOperations.Escape(context, part) : part);
        }

        return context.Finish(text, markup);
    }
}

/// <summary>Whether output is escaped: known when compiled, or only when <c>{% autoescape %}</c> has evaluated its argument.</summary>
internal enum Escaping
{
    Off,
    On,
    Volatile,
}
