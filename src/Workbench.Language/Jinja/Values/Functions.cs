using Workbench.Language.Jinja.Rendering;

namespace Workbench.Language.Jinja.Values;

internal delegate Value FunctionBody(RenderContext context, in Arguments arguments);

internal delegate Value MethodBody(RenderContext context, Value self, in Arguments arguments);

/// <summary>A global function or class that templates may call: <c>range</c>, <c>dict</c>, <c>raise_exception</c> …</summary>
internal sealed class FunctionValue(string name, FunctionBody body, string typeName = "function") : Value
{
    /// <summary>The name without its module.</summary>
    public string Name => name[(name.LastIndexOf('.') + 1)..];

    public override string TypeName => typeName;

    public override bool IsCallable => true;

    public override void WriteRepr(TextBuilder text) =>
        text.Append(typeName == "type" ? $"<class '{name}'>" : $"<function {name} at 0x7f0000000000>");

    public override Value Call(RenderContext context, in Arguments arguments) => body(context, arguments);
}

/// <summary>A method of a built-in type, found by name at parse time so that a call costs no allocation.</summary>
internal sealed class Method(string owner, string name, MethodBody body)
{
    public string Owner { get; } = owner;

    public string Name { get; } = name;

    public Value Invoke(RenderContext context, Value self, in Arguments arguments)
    {
        context.ChargeReading(self);
        return body(context, self, arguments);
    }
}

/// <summary>A method that was read without being called at once.</summary>
internal sealed class BoundMethodValue(Value self, Method method) : Value
{
    public override string TypeName => "builtin_function_or_method";

    public override bool IsCallable => true;

    public override void WriteRepr(TextBuilder text) =>
        text.Append($"<built-in method {method.Name} of {self.TypeName} object at 0x7f0000000000>");

    public override Value Call(RenderContext context, in Arguments arguments) => method.Invoke(context, self, arguments);

}
