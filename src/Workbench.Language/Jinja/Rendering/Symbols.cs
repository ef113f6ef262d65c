using System.Runtime.CompilerServices;
using Workbench.Language.Jinja.Ast;

namespace Workbench.Language.Jinja.Rendering;

/// <summary>How a variable gets its first value when its scope is entered.</summary>
internal enum LoadKindOfName
{
    Parameter,
    Resolve,
    Alias,
    Undefined,
}

/// <summary>
/// The variables of one scope, by Jinja2's rules: a name that a scope assigns is its own from the scope's start, with the
/// outer value until assigned; a name that it only reads is the nearest outer one, or the context's.
/// </summary>
internal sealed class Symbols
{
    /// <summary>Entries that the branches of all ifs together may copy; a template that needs more was made to be slow.</summary>
    private const long MaxCopied = 20_000_000;

    private readonly StrongBox<long> copied;
    private Dictionary<string, string> references = [];

    public Symbols(Symbols? parent)
    {
        Parent = parent;
        copied = parent?.copied ?? new StrongBox<long>();
        Level = parent is null ? 0 : parent.Level + 1;
    }

    public Symbols? Parent { get; }

    public int Level { get; }

    /// <summary>What entering the scope does for each variable it owns.</summary>
    public Dictionary<string, (LoadKindOfName Kind, string? Source)> Loads { get; private set; } = [];

    public HashSet<string> Stores { get; private set; } = [];

    public Symbols Copy()
    {
        copied.Value += 1 + references.Count + Loads.Count + Stores.Count;
        if (copied.Value > MaxCopied)
        {
            throw new PythonError("RenderLimitError", "the template has too many variables in too many branches to be prepared; simplify it")
            {
                LineIsKnown = true,
            };
        }

        var copy = (Symbols)MemberwiseClone();
        copy.references = new(references);
        copy.Loads = new(Loads);
        copy.Stores = new(Stores);
        return copy;
    }

    public string? Find(string name) => references.TryGetValue(name, out var found) ? found : Parent?.Find(name);

    public string Reference(string name) => Find(name) ?? throw new InvalidOperationException($"the scope does not know the name '{name}'");

    public string Declare(string name)
    {
        Stores.Add(name);
        return Define(name, LoadKindOfName.Parameter, null);
    }

    public void Store(string name)
    {
        Stores.Add(name);
        if (references.ContainsKey(name))
        {
            return;
        }

        if (Parent?.Find(name) is { } outer)
        {
            Define(name, LoadKindOfName.Alias, outer);
        }
        else
        {
            Define(name, LoadKindOfName.Undefined, null);
        }
    }

    public void Load(string name)
    {
        if (Find(name) is null)
        {
            Define(name, LoadKindOfName.Resolve, name);
        }
    }

    /// <summary>Merges the branches of an if: a name that a branch assigns may keep its outer value in another.</summary>
    public void Merge(ReadOnlySpan<Symbols> branches)
    {
        var stored = new HashSet<string>();
        foreach (var branch in branches)
        {
            stored.UnionWith(branch.Stores);
        }

        stored.ExceptWith(Stores);
        foreach (var branch in branches)
        {
            foreach (var (name, reference) in branch.references)
            {
                references[name] = reference;
            }

            foreach (var (reference, load) in branch.Loads)
            {
                Loads[reference] = load;
            }

            Stores.UnionWith(branch.Stores);
        }

        foreach (var name in stored)
        {
            Loads[Reference(name)] = Parent?.Find(name) is { } outer
                ? (LoadKindOfName.Alias, outer)
                : (LoadKindOfName.Resolve, name);
        }
    }

    /// <summary>Every assigned name visible here with the variable that holds it.</summary>
    public Dictionary<string, string> DumpStores()
    {
        var dump = new Dictionary<string, string>();
        for (var scope = this; scope is not null; scope = scope.Parent)
        {
            foreach (var name in scope.Stores.Order(StringComparer.Ordinal))
            {
                dump.TryAdd(name, Reference(name));
            }
        }

        return dump;
    }

    private string Define(string name, LoadKindOfName kind, string? source)
    {
        var reference = $"l_{Level}_{name}";
        references[name] = reference;
        Loads[reference] = (kind, source);
        return reference;
    }
}

/// <summary>Walks a scope's nodes and notes what they read and assign; nested scopes are left to their own walk.</summary>
internal sealed class SymbolVisitor(Symbols symbols)
{
    private Symbols current = symbols;

    public void VisitAll(IEnumerable<object> nodes)
    {
        foreach (var node in nodes)
        {
            Visit(node);
        }
    }

    /// <summary>A loop target: its names belong to the loop.</summary>
    public void VisitTarget(Expression target)
    {
        foreach (var node in Walker.Descend(target))
        {
            if (node is NameExpression name)
            {
                current.Declare(name.Name);
            }
        }
    }

    private void Visit(object node)
    {
        switch (node)
        {
            case NameExpression { Use: NameUse.Load } name:
                current.Load(name.Name);
                break;
            case NameExpression { Use: NameUse.Store } name:
                current.Store(name.Name);
                break;
            case NameExpression name:
                current.Declare(name.Name);
                break;
            case NamespaceTarget target:
                current.Load(target.Name);
                break;
            case IfStatement branch:
                VisitIf(branch);
                break;
            case MacroStatement macro:
                current.Store(macro.Name);
                break;
            case LoadStatement load:
                VisitAll(Walker.Children(load));
                foreach (var target in load.Targets)
                {
                    current.Store(target);
                }

                break;
            case SetStatement set:
                Visit(set.Value);
                Visit(set.Target);
                break;
            case SetBlockStatement set:
                Visit(set.Target);
                break;
            case ForStatement loop:
                Visit(loop.Items);
                break;
            case CallBlockStatement call:
                VisitAll(call.Call is null ? [] : [call.Call]);
                break;
            case FilterBlockStatement filter:
                Visit(filter.Filter);
                break;
            case WithStatement with:
                VisitAll(with.Values);
                break;
            case AutoEscapeStatement or BlockStatement:
                break;
            default:
                VisitAll(Walker.Children(node));
                break;
        }
    }

    private void VisitIf(IfStatement branch)
    {
        Visit(branch.Test);
        var original = current;
        Symbols Inner(IEnumerable<object> nodes)
        {
            current = original.Copy();
            var inner = current;
            VisitAll(nodes);
            current = original;
            return inner;
        }

        original.Merge([Inner(branch.Body), Inner(branch.ElseIfs), Inner(branch.Else)]);
    }
}
