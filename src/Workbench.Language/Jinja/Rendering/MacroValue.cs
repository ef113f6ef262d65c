using Workbench.Language.Jinja.Rendering.Nodes;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Rendering;

/// <summary>What a macro or call block is, apart from the variables around it.</summary>
internal sealed class MacroCode
{
    /// <summary>The macro's name; null for the body of a call block.</summary>
    public required string? Name { get; init; }

    public required FunctionCode Function { get; init; }

    public required string[] Parameters { get; init; }

    public required int[] ParameterSlots { get; init; }

    /// <summary>Slot of the implicit <c>caller</c>, <c>kwargs</c> and <c>varargs</c>, or -1 where the body does not read it.</summary>
    public required int CallerSlot { get; init; }

    public required int KeywordsSlot { get; init; }

    public required int ExtrasSlot { get; init; }

    public bool AccessesCaller { get; init; }

    /// <summary>Whether <c>caller</c> is among the parameters.</summary>
    public required bool HasCallerParameter { get; init; }

    /// <summary>Set once the body is compiled.</summary>
    public Scope Scope { get; set; } = null!;

    /// <summary>Default of each parameter; null where there is none, which gives an undefined value.</summary>
    public (Node? Value, int Line)[] Defaults { get; set; } = [];

    public StatementNode[] Body { get; set; } = [];
}

/// <summary>A macro as a value: called, it renders its body.</summary>
internal sealed class MacroValue(MacroCode code, Frame closure) : Value
{
    /// <summary>Frames that Python spends on the call of a macro: the sandbox, the context, the macro, its function.</summary>
    private const int FramesOfCall = 5;

    public override string TypeName => "Macro";

    public override string Description => "jinja2.runtime.Macro object";

    public override bool IsCallable => true;

    public override void WriteRepr(TextBuilder text) =>
        text.Append($"<Macro {(code.Name is null ? "anonymous" : new StringValue(code.Name).Repr())}>");

    public override Value? Attribute(RenderContext context, string name) => name switch
    {
        "name" => code.Name is null ? NoneValue.Instance : new StringValue(code.Name),
        "arguments" => new TupleValue([.. code.Parameters.Select(parameter => new StringValue(parameter))]),
        "catch_kwargs" => BoolValue.Of(code.KeywordsSlot >= 0),
        "catch_varargs" => BoolValue.Of(code.ExtrasSlot >= 0),
        "caller" => BoolValue.Of(code.AccessesCaller),
        "explicit_caller" => BoolValue.Of(code.HasCallerParameter),
        _ => null,
    };

    public override Value Call(RenderContext context, in Arguments arguments)
    {
        var text = context.NewText();
        Write(context, arguments, text);
        return context.Finish(text, context.AutoEscape);
    }

    /// <summary>Renders the body into <paramref name="output"/>.</summary>
    public void Write(RenderContext context, in Arguments arguments, TextBuilder output)
    {
        var line = context.Line;
        var frame = code.Function.NewFrame(closure, context);
        Bind(frame.Slots, arguments);
        context.Enter(FramesOfCall);
        code.Scope.Enter(frame);
        for (var index = 0; index < code.Parameters.Length; index++)
        {
            ref var slot = ref frame.Slots[code.ParameterSlots[index]];
            if (slot is null)
            {
                var (value, defaultLine) = code.Defaults[index];
                context.Line = defaultLine;
                slot = value?.Evaluate(frame) ?? NotProvided(code.Parameters[index]);
            }
        }

        StatementNode.ExecuteAll(code.Body, frame, output);
        context.Depth -= FramesOfCall;
        context.Line = line;
    }

    private void Bind(Value?[] slots, in Arguments arguments)
    {
        var parameters = code.Parameters;
        var taken = Math.Min(arguments.Count, parameters.Length);
        for (var index = 0; index < taken; index++)
        {
            slots[code.ParameterSlots[index]] = arguments[index];
        }

        var foundCaller = taken == parameters.Length && code.HasCallerParameter;
        var named = arguments.Named;
        var used = named.Length == 0 ? null : new bool[named.Length];
        Value? Take(string name)
        {
            var index = Array.FindIndex(named, pair => pair.Key == name);
            if (index < 0)
            {
                return null;
            }

            used![index] = true;
            return named[index].Value;
        }

        for (var index = taken; index < parameters.Length; index++)
        {
            slots[code.ParameterSlots[index]] = Take(parameters[index]);
            foundCaller |= parameters[index] == "caller";
        }

        if (code.AccessesCaller && !foundCaller)
        {
            slots[code.CallerSlot] = Take("caller") is { } caller and not NoneValue ? caller : UndefinedValue.Hint("No caller defined");
        }

        BindRest(slots, arguments, used);
    }

    private void BindRest(Value?[] slots, in Arguments arguments, bool[]? used)
    {
        var named = arguments.Named;
        if (code.KeywordsSlot >= 0)
        {
            var rest = new DictValue();
            for (var index = 0; index < named.Length; index++)
            {
                if (!used![index])
                {
                    rest.Set(new StringValue(named[index].Key), named[index].Value);
                }
            }

            slots[code.KeywordsSlot] = rest;
        }
        else if (used is not null && Array.IndexOf(used, false) is var unexpected and >= 0)
        {
            var quoted = code.Name is null ? "None" : new StringValue(code.Name).Repr();
            for (var index = 0; index < named.Length; index++)
            {
                if (!used[index] && named[index].Key == "caller")
                {
                    throw PythonError.TypeError(
                        $"macro {quoted} was invoked with two values for the special caller argument. This is most likely a bug.");
                }
            }

            throw PythonError.TypeError($"macro {quoted} takes no keyword argument {new StringValue(named[unexpected].Key).Repr()}");
        }

        var count = code.Parameters.Length;
        if (code.ExtrasSlot >= 0)
        {
            slots[code.ExtrasSlot] = new TupleValue(arguments.Count > count ? arguments.Positional[count..] : []);
        }
        else if (arguments.Count > count)
        {
            var quoted = code.Name is null ? "None" : new StringValue(code.Name).Repr();
            throw PythonError.TypeError($"macro {quoted} takes not more than {count} argument(s)");
        }
    }

    private static UndefinedValue NotProvided(string parameter) =>
        UndefinedValue.Hint($"parameter {new StringValue(parameter).Repr()} was not provided");
}
