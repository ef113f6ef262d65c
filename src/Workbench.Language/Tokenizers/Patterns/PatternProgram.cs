namespace Workbench.Language.Tokenizers.Patterns;

/// <summary>Instructions of the backtracking matcher.</summary>
internal enum PatternOp
{
    /// <summary>One character of the set.</summary>
    Set,

    /// <summary>As many characters of the set as possible, giving back one at a time.</summary>
    GreedySet,

    /// <summary>As few characters of the set as possible, taking one more at a time.</summary>
    LazySet,

    /// <summary>As many characters of the set as possible, giving none back.</summary>
    PossessiveSet,

    /// <summary>Goes on at A, and at B should that fail.</summary>
    Split,

    Jump,

    /// <summary>Runs the part behind it as a unit, goes on at A.</summary>
    Atomic,

    /// <summary>Looks ahead or behind with the part behind it, goes on at A; B is 1 for a negative look.</summary>
    LookAhead,

    LookBehind,

    Anchor,

    /// <summary>Remembers in register A where an iteration begins.</summary>
    EnterLoop,

    /// <summary>Leaves the loop for B when the iteration that register A remembers took nothing.</summary>
    LeaveIfEmpty,

    /// <summary>The end of the pattern or of a part run as a unit.</summary>
    Accept,
}

internal readonly record struct PatternInstruction(PatternOp Op, int A = 0, int B = 0, CharSet? Set = null, int[]? Lengths = null);

/// <summary>Turns a syntax tree into a program.</summary>
internal sealed class PatternProgram
{
    private const int MaxInstructions = 50_000;

    private readonly List<PatternInstruction> _code = [];

    private PatternProgram(PatternNode root)
    {
        Emit(root);
        Add(new(PatternOp.Accept));
        Code = [.. _code];
        First = FirstOf(root, out var nullable);
        if (nullable)
        {
            First = null;
        }
    }

    public PatternInstruction[] Code { get; }

    public int Registers { get; private set; }

    /// <summary>A match begins with one of these; null where it may be empty.</summary>
    public CharSet? First { get; }

    /// <exception cref="FormatException">The pattern grows too large, or looks behind over an unknown length.</exception>
    public static PatternProgram Compile(PatternNode root) => new(root);

    private int Add(PatternInstruction instruction)
    {
        if (_code.Count >= MaxInstructions)
        {
            throw new FormatException("its repetitions multiply to more than 50,000 steps");
        }

        _code.Add(instruction);
        return _code.Count - 1;
    }

    private void Emit(PatternNode node)
    {
        switch (node)
        {
            case PatternNode.Set set:
                Add(new(PatternOp.Set, Set: set.Characters));
                break;
            case PatternNode.Sequence sequence:
                foreach (var item in sequence.Items)
                {
                    Emit(item);
                }

                break;
            case PatternNode.Choice choice:
                EmitChoice(choice);
                break;
            case PatternNode.Repeat repeat:
                EmitRepeat(repeat);
                break;
            case PatternNode.Atomic atomic:
                EmitUnit(new(PatternOp.Atomic), atomic.Body);
                break;
            case PatternNode.Look { Behind: false } look:
                EmitUnit(new(PatternOp.LookAhead, B: look.Negative ? 1 : 0), look.Body);
                break;
            case PatternNode.Look look:
                var lengths = LengthsOf(look.Body).Order().ToArray();
                EmitUnit(new(PatternOp.LookBehind, B: look.Negative ? 1 : 0, Lengths: lengths), look.Body);
                break;
            case PatternNode.Anchor anchor:
                Add(new(PatternOp.Anchor, (int)anchor.Kind));
                break;
        }
    }

    private void EmitUnit(PatternInstruction head, PatternNode body)
    {
        var at = Add(head);
        Emit(body);
        Add(new(PatternOp.Accept));
        _code[at] = head with { A = _code.Count };
    }

    private void EmitChoice(PatternNode.Choice choice)
    {
        var jumps = new List<int>();
        for (var i = 0; i < choice.Branches.Count; i++)
        {
            var last = i == choice.Branches.Count - 1;
            var split = last ? -1 : Add(default);
            Emit(choice.Branches[i]);
            if (!last)
            {
                jumps.Add(Add(default));
                _code[split] = new(PatternOp.Split, split + 1, _code.Count);
            }
        }

        foreach (var jump in jumps)
        {
            _code[jump] = new(PatternOp.Jump, _code.Count);
        }
    }

    private void EmitRepeat(PatternNode.Repeat repeat)
    {
        if (repeat.Body is PatternNode.Set set)
        {
            var op = repeat.Mode switch
            {
                RepeatMode.Greedy => PatternOp.GreedySet,
                RepeatMode.Lazy => PatternOp.LazySet,
                _ => PatternOp.PossessiveSet,
            };
            Add(new(op, repeat.Min, repeat.Max < 0 ? int.MaxValue : repeat.Max, set.Characters));
            return;
        }

        if (repeat.Mode == RepeatMode.Possessive)
        {
            EmitUnit(new(PatternOp.Atomic), repeat with { Mode = RepeatMode.Greedy });
            return;
        }

        for (var i = 0; i < repeat.Min; i++)
        {
            Emit(repeat.Body);
        }

        if (repeat.Max < 0)
        {
            var register = Registers++;
            var split = Add(default);
            Add(new(PatternOp.EnterLoop, register));
            Emit(repeat.Body);
            var check = Add(default);
            Add(new(PatternOp.Jump, split));
            _code[check] = new(PatternOp.LeaveIfEmpty, register, _code.Count);
            _code[split] = SplitBy(repeat.Mode, split + 1, _code.Count);
            return;
        }

        var optional = new List<int>();
        for (var i = repeat.Min; i < repeat.Max; i++)
        {
            optional.Add(Add(default));
            Emit(repeat.Body);
        }

        foreach (var split in optional)
        {
            _code[split] = SplitBy(repeat.Mode, split + 1, _code.Count);
        }
    }

    private static PatternInstruction SplitBy(RepeatMode mode, int body, int exit) =>
        mode == RepeatMode.Greedy ? new(PatternOp.Split, body, exit) : new(PatternOp.Split, exit, body);

    private static CharSet FirstOf(PatternNode node, out bool nullable)
    {
        nullable = false;
        switch (node)
        {
            case PatternNode.Set set:
                return set.Characters;
            case PatternNode.Atomic atomic:
                return FirstOf(atomic.Body, out nullable);
            case PatternNode.Repeat repeat:
                var body = FirstOf(repeat.Body, out nullable);
                nullable |= repeat.Min == 0;
                return body;
            case PatternNode.Sequence sequence:
                var first = CharSet.Empty;
                nullable = true;
                foreach (var item in sequence.Items)
                {
                    first = first.Union(FirstOf(item, out nullable));
                    if (!nullable)
                    {
                        break;
                    }
                }

                return first;
            case PatternNode.Choice choice:
                var any = CharSet.Empty;
                foreach (var branch in choice.Branches)
                {
                    any = any.Union(FirstOf(branch, out var empty));
                    nullable |= empty;
                }

                return any;
            default:
                nullable = true;
                return CharSet.Empty;
        }
    }

    /// <summary>Every length, in characters, that a part inside a look-behind can have.</summary>
    private static HashSet<int> LengthsOf(PatternNode node)
    {
        switch (node)
        {
            case PatternNode.Set:
                return [1];
            case PatternNode.Atomic atomic:
                return LengthsOf(atomic.Body);
            case PatternNode.Choice choice:
                return [.. choice.Branches.SelectMany(LengthsOf)];
            case PatternNode.Sequence sequence:
                HashSet<int> sums = [0];
                foreach (var item in sequence.Items)
                {
                    var lengths = LengthsOf(item);
                    sums = Limited([.. sums.SelectMany(s => lengths.Select(l => s + l))]);
                }

                return sums;
            case PatternNode.Repeat { Max: >= 0 and <= 255 } repeat:
                var once = LengthsOf(repeat.Body);
                HashSet<int> all = repeat.Min == 0 ? [0] : [];
                HashSet<int> current = [0];
                for (var i = 1; i <= repeat.Max; i++)
                {
                    current = Limited([.. current.SelectMany(s => once.Select(l => s + l))]);
                    if (i >= repeat.Min)
                    {
                        all.UnionWith(current);
                    }
                }

                return all;
            case PatternNode.Repeat:
                throw new FormatException("a look-behind of unlimited length");
            default:
                return [0];
        }
    }

    private static HashSet<int> Limited(HashSet<int> lengths) =>
        lengths.Count == 0 || lengths.Max() <= 255 ? lengths : throw new FormatException("a look-behind over more than 255 characters");
}
