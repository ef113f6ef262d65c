using Workbench.Language.Jinja.Rendering.Nodes;

namespace Workbench.Language.Jinja.Rendering;

/// <summary>A function being compiled: its variables, and the function around it.</summary>
internal sealed class FunctionScope(FunctionScope? parent)
{
    private readonly Dictionary<string, int> slots = [];

    public FunctionScope? Parent { get; } = parent;

    public FunctionCode Code { get; } = new();

    /// <summary>Loops open in this function; <c>break</c> needs one, Python allows twenty.</summary>
    public int OpenLoops { get; set; }

    /// <summary>The slot of a variable that this function assigns.</summary>
    public int Slot(string reference)
    {
        if (!slots.TryGetValue(reference, out var slot))
        {
            slot = slots.Count;
            slots.Add(reference, slot);
            Code.SlotCount = slots.Count;
        }

        return slot;
    }

    public bool TryFind(string reference, out int slot) => slots.TryGetValue(reference, out slot);
}

/// <summary>Whether escaping is on, while compiling; blocks of <c>autoescape</c> change it for what they enclose.</summary>
internal sealed class EscapeState
{
    public Escaping Mode { get; set; }
}

/// <summary>Where in the template's scopes the compiler stands.</summary>
internal sealed class CompileFrame
{
    public CompileFrame(EscapeState escape, FunctionScope function, CompileFrame? parent = null)
    {
        Escape = escape;
        Function = function;
        Symbols = new Symbols(parent?.Symbols);
        Buffered = parent?.Buffered ?? false;
        Visitor = new SymbolVisitor(Symbols);
    }

    public EscapeState Escape { get; }

    public FunctionScope Function { get; }

    public Symbols Symbols { get; }

    public SymbolVisitor Visitor { get; }

    /// <summary>Output goes to a buffer rather than straight out.</summary>
    public bool Buffered { get; set; }

    public bool TopLevel { get; set; }

    public bool IsLoop { get; set; }

    public bool IsBlock { get; set; }

    /// <summary>Inside an if or conditional expression, where an unknown filter is an error only once it is reached.</summary>
    public bool Soft { get; private set; }

    public CompileFrame Inner(FunctionScope? function = null) => new(Escape, function ?? Function, this);

    public CompileFrame AsSoft()
    {
        var soft = (CompileFrame)MemberwiseClone();
        soft.Soft = true;
        return soft;
    }
}
