namespace Workbench.Language.Jinja.Ast;

/// <summary>Children of every node in the order in which Jinja2 visits them; its scoping rules depend on that order.</summary>
internal static class Walker
{
    public static IEnumerable<object> Children(object node) => (node switch
    {
        OutputStatement output => output.Items,
        IfStatement branch => [branch.Test, .. branch.Body, .. branch.ElseIfs, .. branch.Else],
        ForStatement loop => [loop.Target, loop.Items, .. loop.Body, .. loop.Else, loop.Test],
        MacroStatement macro => [.. macro.Signature.Parameters, .. macro.Signature.Defaults, .. macro.Body],
        CallBlockStatement call => [call.Call, .. call.Signature.Parameters, .. call.Signature.Defaults, .. call.Body],
        FilterBlockStatement filter => [.. filter.Body, filter.Filter],
        WithStatement with => [.. with.Targets, .. with.Values, .. with.Body],
        SetStatement set => [set.Target, set.Value],
        SetBlockStatement set => [set.Target, set.Filter, .. set.Body],
        BlockStatement block => block.Body,
        AutoEscapeStatement escape => [escape.Value, .. escape.Body],
        LoadStatement load => [load.Template],
        TupleExpression tuple => tuple.Items,
        ListExpression list => list.Items,
        DictExpression dict => dict.Items.SelectMany(item => new object[] { item.Key, item.Value }),
        ConditionalExpression conditional => [conditional.Test, conditional.Then, conditional.Otherwise],
        FilterExpression filter => [filter.Operand, .. filter.Arguments.All],
        TestExpression test => [test.Operand, .. test.Arguments.All],
        CallExpression call => [call.Callee, .. call.Arguments.All],
        AttributeExpression attribute => [attribute.Operand],
        ItemExpression item => [item.Operand, item.Key],
        SliceExpression slice => [slice.Start, slice.Stop, slice.Step],
        ConcatExpression concat => concat.Items,
        CompareExpression compare => [compare.First, .. compare.Rest.Select(item => item.Operand)],
        BinaryExpression binary => [binary.Left, binary.Right],
        UnaryExpression unary => [unary.Operand],
        _ => (IEnumerable<object?>)[],
    }).OfType<object>();

    /// <summary>The node and everything below it, each before its children; <paramref name="enter"/> can keep out of one.</summary>
    public static IEnumerable<object> Descend(object node, Func<object, bool>? enter = null)
    {
        yield return node;
        if (enter is not null && !enter(node))
        {
            yield break;
        }

        foreach (var child in Children(node))
        {
            foreach (var found in Descend(child, enter))
            {
                yield return found;
            }
        }
    }

    /// <summary>Which of the names are read before anything assigns them; blocks are not looked into.</summary>
    public static HashSet<string> Undeclared(IEnumerable<object> nodes, params ReadOnlySpan<string> names)
    {
        var open = new HashSet<string>(names.ToArray());
        var found = new HashSet<string>();
        foreach (var name in nodes.SelectMany(node => Descend(node, inner => inner is not BlockStatement)).OfType<NameExpression>())
        {
            if (name.Use == NameUse.Load && open.Contains(name.Name))
            {
                found.Add(name.Name);
            }
            else
            {
                open.Remove(name.Name);
            }
        }

        return found;
    }
}
