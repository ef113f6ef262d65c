using Workbench.Language.Jinja.Ast;
using Workbench.Language.Jinja.Filters;
using Workbench.Language.Jinja.Rendering.Nodes;
using Workbench.Language.Jinja.Tests;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Rendering;

internal sealed partial class Compiler
{
    /// <summary>Parentheses that Python's tokenizer nests.</summary>
    private const int MaxParentheses = 200;

    private int parentheses;

    private Node CompileExpression(Expression expression, CompileFrame frame)
    {
        // Jinja2 writes a parenthesis around nearly every operation, and Python refuses too many.
        if (++parentheses >= MaxParentheses)
        {
            lines.FailInParser("too many nested parentheses");
        }

        Recursion.CheckStack();
        if (hasDictOfContainers && frame.Escape.Mode != Escaping.Volatile && expression is not (ListExpression or TupleExpression or DictExpression))
        {
            RefuseUnhashableKeys(expression, frame);
        }

        var node = Folds(expression) && folder.Fold(expression, frame.Escape.Mode) is { } constant
            ? Constant(constant.Plain, constant.Traced)
            : CompileUnfolded(expression, frame);
        parentheses--;
        return node;
    }

    /// <summary>
    /// A dict of constants with a list for a key, anywhere in an expression that Jinja2 tries to fold, fails there and then:
    /// its folding lets that one error pass, without a line.
    /// </summary>
    private void RefuseUnhashableKeys(Expression expression, CompileFrame frame)
    {
        foreach (var dict in Walker.Descend(expression).OfType<DictExpression>())
        {
            foreach (var (key, value) in dict.Items)
            {
                if (folder.Fold(key, frame.Escape.Mode) is not { } constant || folder.Fold(value, frame.Escape.Mode) is null)
                {
                    break;
                }

                try
                {
                    _ = constant.Plain.Hash();
                }
                catch (PythonError error)
                {
                    throw new PythonError(error.Type, error.Message) { LineIsKnown = true };
                }
            }
        }
    }

    private static bool Folds(Expression expression) => expression is BinaryExpression or UnaryExpression or ConcatExpression
        or CompareExpression or AttributeExpression or ItemExpression or FilterExpression or TestExpression or ConditionalExpression
        or ListExpression or TupleExpression or DictExpression;

    private Node CompileUnfolded(Expression expression, CompileFrame frame)
    {
        switch (expression)
        {
            case NameExpression name:
                return new NameNode(VariableOf(frame.Function, frame.Symbols.Reference(name.Name)), name.Name);
            case ConstantExpression constant:
                return Constant(constant.Value, folder.Traced(constant));
            case TupleExpression tuple:
                return new TupleNode(CompileAll(tuple.Items, frame));
            case ListExpression list:
                return new ListNode(CompileAll(list.Items, frame));
            case DictExpression dict:
                return new DictNode([.. dict.Items.Select(item => (CompileExpression(item.Key, frame), CompileExpression(item.Value, frame)))]);
            case ConditionalExpression conditional:
                return CompileConditional(conditional, frame.AsSoft());
            case FilterExpression filter:
                return CompileFilter(filter, frame, () => CompileExpression(filter.Operand!, frame));
            case TestExpression test:
                return CompileTest(test, frame);
            case CallExpression call:
                return CompileCall(call, frame);
            case AttributeExpression attribute:
                return new AttributeNode(CompileExpression(attribute.Operand, frame), attribute.Name);
            case ItemExpression { Key: SliceExpression slice } item:
                var operand = CompileExpression(item.Operand, frame);
                return new SliceNode(operand, Optional(slice.Start, frame), Optional(slice.Stop, frame), Optional(slice.Step, frame));
            case ItemExpression item:
                return new ItemNode(CompileExpression(item.Operand, frame), CompileExpression(item.Key, frame));
            case ConcatExpression concat:
                return new ConcatNode(CompileAll(concat.Items, frame), frame.Escape.Mode);
            case CompareExpression compare:
                var first = CompileExpression(compare.First, frame);
                return new CompareNode(first, [.. compare.Rest.Select(item => (item.Operator, CompileExpression(item.Operand, frame)))]);
            case UnaryExpression unary:
                var inner = CompileExpression(unary.Operand, frame);
                return unary.Operator == UnaryOperator.Not ? new NotNode(inner) : new SignNode(inner, unary.Operator == UnaryOperator.Negate);
            case BinaryExpression binary:
                return CompileBinary(binary, frame);
            default:
                lines.FailInParser("invalid syntax");
                return Constant(NoneValue.Instance, NoneValue.Instance);
        }
    }

    private Node CompileBinary(BinaryExpression binary, CompileFrame frame)
    {
        if (binary.Operator == BinaryOperator.Add && binary.Left is BinaryExpression { Operator: BinaryOperator.Add })
        {
            return new SumNode([.. Terms(binary, frame)]);
        }

        if (binary.Operator == BinaryOperator.Power && IsNegativeConstant(binary.Left, frame))
        {
            // The folded constant is written without parentheses, and Python's power binds closer than its minus.
            var magnitude = CompileExpression(new UnaryExpression(UnaryOperator.Negate, binary.Left, binary.Line, binary.Offset), frame);
            var power = new BinaryNode(BinaryOperator.Power, magnitude, CompileExpression(binary.Right, frame));
            return new SignNode(power, negative: true);
        }

        var left = CompileExpression(binary.Left, frame);
        var right = CompileExpression(binary.Right, frame);
        return binary.Operator switch
        {
            BinaryOperator.And => new AndNode(left, right),
            BinaryOperator.Or => new OrNode(left, right),
            BinaryOperator.Add => new SumNode([left, right]),
            _ => new BinaryNode(binary.Operator, left, right),
        };
    }

    private bool IsNegativeConstant(Expression expression, CompileFrame frame) =>
        folder.Fold(expression, frame.Escape.Mode)?.Plain switch
        {
            IntValue integer => integer.Value < 0,
            FloatValue real => double.IsNegative(real.Value),
            BigIntValue big => big.Value.Sign < 0,
            _ => false,
        };

    private IEnumerable<Node> Terms(Expression sum, CompileFrame frame)
    {
        if (sum is not BinaryExpression { Operator: BinaryOperator.Add } addition || folder.Fold(sum, frame.Escape.Mode) is not null)
        {
            return [CompileExpression(sum, frame)];
        }

        parentheses++;
        if (parentheses >= MaxParentheses)
        {
            lines.FailInParser("too many nested parentheses");
        }

        var left = Terms(addition.Left, frame);
        parentheses--;
        return [.. left, CompileExpression(addition.Right, frame)];
    }

    private ConditionalNode CompileConditional(ConditionalExpression conditional, CompileFrame frame)
    {
        var then = CompileExpression(conditional.Then, frame);
        var test = CompileExpression(conditional.Test, frame);
        return new ConditionalNode(test, then, Optional(conditional.Otherwise, frame), $"line {conditional.Line}");
    }

    private CallNode CompileCall(CallExpression call, CompileFrame frame)
    {
        var callee = CompileExpression(call.Callee, frame);
        return new CallNode(callee, CompileArguments(call.Arguments, frame));
    }

    private FilterNode CompileFilter(FilterExpression filter, CompileFrame frame, Func<Node> operand)
    {
        var definition = FilterRegistry.Find(filter.Name);
        if (definition is null && !frame.Soft)
        {
            throw PythonError.Assertion($"No filter named {new StringValue(filter.Name).Repr()}.", filter.Line);
        }

        var value = operand();
        return new FilterNode(definition, filter.Name, value, CompileArguments(filter.Arguments, frame));
    }

    /// <summary>The filters of a filter block, innermost first, over the text that the block captured.</summary>
    private Node CompileFilterOf(Expression filter, CompileFrame frame, int captured)
    {
        if (filter is not FilterExpression expression)
        {
            return CompileExpression(filter, frame);
        }

        return CompileFilter(expression, frame, () => expression.Operand is null
            ? new CapturedTextNode { Slot = captured }
            : CompileFilterOf(expression.Operand, frame, captured));
    }

    private TestNode CompileTest(TestExpression test, CompileFrame frame)
    {
        var definition = TestRegistry.Find(test.Name);
        if (definition is null && !frame.Soft)
        {
            throw PythonError.Assertion($"No test named {new StringValue(test.Name).Repr()}.", test.Line);
        }

        var operand = CompileExpression(test.Operand, frame);
        return new TestNode(definition, test.Name, operand, CompileArguments(test.Arguments, frame));
    }

    private ArgumentsNode CompileArguments(CallArguments arguments, CompileFrame frame)
    {
        var names = new HashSet<string>();
        foreach (var (name, _) in arguments.Named)
        {
            if (!names.Add(name) && !PythonKeywords.Contains(name))
            {
                lines.FailInCompiler($"keyword argument repeated: {name}");
            }
        }

        return new ArgumentsNode(
            CompileAll(arguments.Positional, frame),
            [.. arguments.Named.Select(pair => (pair.Name, CompileExpression(pair.Value, frame)))],
            Optional(arguments.Star, frame),
            Optional(arguments.DoubleStar, frame));
    }

    private Node[] CompileAll(IReadOnlyList<Expression> expressions, CompileFrame frame) =>
        [.. expressions.Select(expression => CompileExpression(expression, frame))];

    private Node? Optional(Expression? expression, CompileFrame frame) =>
        expression is null ? null : CompileExpression(expression, frame);

    private static Node Constant(Value plain, Value traced)
    {
        if (plain is FloatValue real && FloatFormat.Special(real.Value) is { } special)
        {
            return new UnwritableConstantNode(special.TrimStart('-'));
        }

        if (plain is BigIntValue)
        {
            try
            {
                _ = plain.Repr();
            }
            catch (PythonError error)
            {
                // Jinja2 writes the constant into its code, so an integer too long to be written fails there, without a line.
                throw new PythonError(error.Type, error.Message) { LineIsKnown = true };
            }
        }

        return new ConstantNode(plain, traced);
    }

    private static readonly HashSet<string> PythonKeywords =
    [
        "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else",
        "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise",
        "return", "try", "while", "with", "yield",
    ];
}
