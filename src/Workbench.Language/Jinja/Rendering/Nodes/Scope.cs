using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Rendering.Nodes;

/// <summary>What happens to the variables of a scope when it is entered and left.</summary>
internal sealed class Scope(Scope.Entry[] entries, int[] cleared)
{
    /// <summary>A variable's first value: another variable's, a name's of the context, or none.</summary>
    internal readonly record struct Entry(int Slot, Variable? Source, int Global, string? ExportedName);

    public void Enter(Frame frame)
    {
        foreach (var entry in entries)
        {
            frame.Slots[entry.Slot] = entry.Source is not null ? entry.Source.Read(frame)
                : entry.Global < 0 ? null
                : entry.ExportedName is not null && frame.Context.Exported is { } exported && exported.TryGetValue(entry.ExportedName, out var value) ? value
                : frame.Context.Globals[entry.Global];
        }
    }

    public void Leave(Frame frame)
    {
        foreach (var slot in cleared)
        {
            frame.Slots[slot] = null;
        }
    }
}

/// <summary>A compiled function: the root, a macro, a recursive loop or a block.</summary>
internal sealed class FunctionCode
{
    /// <summary>Number of variables.</summary>
    public int SlotCount { get; set; }

    public Frame NewFrame(Frame? parent, RenderContext context) => new(new Value?[SlotCount], parent, context);
}
