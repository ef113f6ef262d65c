using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Rendering;

/// <summary>
/// The variables of one call: of the root, a macro, a recursive loop or a block. A null slot is a variable without value.
/// </summary>
internal sealed class Frame(Value?[] slots, Frame? parent, RenderContext context)
{
    public Value?[] Slots { get; } = slots;

    /// <summary>The frame of the function around this one, whose variables it may read.</summary>
    public Frame? Parent { get; } = parent;

    public RenderContext Context { get; } = context;
}

/// <summary>What a statement tells the loop around it.</summary>
internal enum Flow
{
    Next,
    Break,
    Continue,
}
