using Workbench.Language.Jinja.Filters;
using Workbench.Language.Jinja.Tests;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Rendering.Nodes;

/// <summary>The arguments of a call, filter or test.</summary>
internal sealed class ArgumentsNode(Node[] positional, (string Name, Node Value)[] named, Node? star, Node? doubleStar)
{
    public bool IsPlain { get; } = named.Length == 0 && star is null && doubleStar is null;

    public Node[] Positional { get; } = positional;

    public Arguments Evaluate(Frame frame, string callee)
    {
        if (IsPlain)
        {
            return new Arguments(TupleNode.EvaluateAll(Positional, frame));
        }

        var values = TupleNode.EvaluateAll(Positional, frame);
        if (star is not null)
        {
            var items = star.Evaluate(frame);
            var iterator = items.Iterate(frame.Context)
                ?? throw PythonError.TypeError($"{callee}() argument after * must be an iterable, not {items.TypeName}");
            var all = new List<Value>(values);
            while (iterator.MoveNext())
            {
                frame.Context.Charge(1);
                all.Add(iterator.Current);
            }

            values = [.. all];
        }

        var names = new List<KeyValuePair<string, Value>>(named.Length);
        foreach (var (name, value) in named)
        {
            names.Add(new(name, value.Evaluate(frame)));
        }

        if (doubleStar is not null)
        {
            AddMapping(doubleStar.Evaluate(frame), names, callee);
        }

        return new Arguments(values, [.. names]);
    }

    private static void AddMapping(Value mapping, List<KeyValuePair<string, Value>> names, string callee)
    {
        if (mapping is not DictValue dict)
        {
            throw PythonError.TypeError($"{callee}() argument after ** must be a mapping, not {mapping.TypeName}");
        }

        foreach (var (key, value) in dict.Entries)
        {
            var name = (key as StringValue ?? throw PythonError.TypeError("keywords must be strings")).Text;
            if (names.Exists(pair => pair.Key == name))
            {
                throw PythonError.TypeError($"{callee}() got multiple values for keyword argument '{name}'");
            }

            names.Add(new(name, value));
        }
    }
}

/// <summary><c>f(…)</c>.</summary>
internal sealed class CallNode(Node callee, ArgumentsNode arguments) : Node
{
    private const string Caller = "jinja2.sandbox.SandboxedEnvironment.call";

    private readonly AttributeNode? attribute = callee as AttributeNode;

    public override Value Evaluate(Frame frame)
    {
        if (attribute is null)
        {
            var function = callee.Evaluate(frame);
            return Invoke(frame, function, arguments.Evaluate(frame, Caller));
        }

        var (owner, method, value) = attribute.EvaluateForCall(frame);
        var given = arguments.Evaluate(frame, Caller);
        return method is not null ? method.Invoke(frame.Context, owner, given) : Invoke(frame, value!, given);
    }

    public override void WriteTo(Frame frame, TextBuilder output)
    {
        // A macro may write straight into the output, unless spans are measured: those count what the root has been given.
        if (attribute is null && frame.Context.Generation is null && callee.Evaluate(frame) is { } function)
        {
            var given = arguments.Evaluate(frame, Caller);
            if (function is MacroValue macro)
            {
                macro.Write(frame.Context, given, output);
            }
            else
            {
                Invoke(frame, function, given).WriteStr(output);
            }

            return;
        }

        Evaluate(frame).WriteStr(output);
    }

    /// <summary>The sandbox's call: a namespace may claim to be unsafe, everything else decides by itself.</summary>
    public static Value Invoke(Frame frame, Value function, in Arguments arguments)
    {
        if (function is NamespaceValue unsafeOne
            && ((unsafeOne.Attribute(frame.Context, "unsafe_callable")?.IsTrue ?? false) || (unsafeOne.Attribute(frame.Context, "alters_data")?.IsTrue ?? false)))
        {
            throw new PythonError("SecurityError", $"{function.Repr()} is not safely callable");
        }

        frame.Context.Charge(1);
        return function.Call(frame.Context, arguments);
    }
}

/// <summary><c>value|name(…)</c>; the operand of a filter block or set block is the text its body wrote.</summary>
internal sealed class FilterNode(FilterDefinition? filter, string name, Node operand, ArgumentsNode arguments) : Node
{
    public override Value Evaluate(Frame frame)
    {
        var value = operand.Evaluate(frame);
        if (filter is null)
        {
            arguments.Evaluate(frame, name);
            throw PythonError.Runtime($"No filter named {new StringValue(name).Repr()} found.");
        }

        return arguments.IsPlain
            ? filter.Invoke(frame.Context, value, new Arguments(TupleNode.EvaluateAll(arguments.Positional, frame)))
            : filter.Invoke(frame.Context, value, arguments.Evaluate(frame, filter.FunctionName));
    }
}

/// <summary><c>value is name(…)</c>.</summary>
internal sealed class TestNode(TestDefinition? test, string name, Node operand, ArgumentsNode arguments) : Node
{
    public override Value Evaluate(Frame frame) => BoolValue.Of(IsTrue(frame));

    public override bool IsTrue(Frame frame)
    {
        var value = operand.Evaluate(frame);
        if (test is null)
        {
            arguments.Evaluate(frame, name);
            throw PythonError.Runtime($"No test named {new StringValue(name).Repr()} found.");
        }

        return test.Invoke(frame.Context, value, arguments.Evaluate(frame, test.FunctionName));
    }
}

/// <summary>Stands for the captured text that a filter block hands to its first filter.</summary>
internal sealed class CapturedTextNode : Node
{
    /// <summary>The slot that holds the text while the filter runs.</summary>
    public required int Slot { get; init; }

    public override Value Evaluate(Frame frame) => frame.Slots[Slot]!;
}
