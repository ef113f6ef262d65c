using Workbench.Language.Tokenizers.Text;

namespace Workbench.Language.Tokenizers.Patterns;

/// <summary>
/// Runs a <see cref="PatternProgram"/> over code points, backtracking on a stack of its own: the depth of the thread's
/// stack depends on the pattern's nesting only, and a step limit ends patterns that explode.
/// </summary>
internal ref struct PatternMatcher(PatternProgram program, ReadOnlySpan<char> text, int searchStart)
{
    private const long MaxSteps = 20_000_000;

    private readonly PatternInstruction[] _code = program.Code;
    private readonly ReadOnlySpan<char> _text = text;
    private readonly int _searchStart = searchStart;
    private readonly int[] _registers = program.Registers == 0 ? [] : new int[program.Registers];
    private Entry[] _stack = Scratch ??= new Entry[64];
    private int _top;
    private long _steps = MaxSteps + (64L * text.Length);

    [ThreadStatic]
    private static Entry[]? Scratch;

    /// <summary>A way to go on: at Pc with Position; Least below Position means each character in between may be given back.</summary>
    private readonly record struct Entry(int Pc, int Position, int Least);

    /// <returns>The end of the match that begins at <paramref name="position"/>, or -1.</returns>
    /// <exception cref="TokenizerException">The pattern backtracks without end on this text.</exception>
    public int MatchAt(int position)
    {
        _top = 0;
        var end = Run(0, position);
        Scratch = _stack;
        return end;
    }

    private int Run(int pc, int position)
    {
        var floor = _top;
        while (true)
        {
            if (--_steps < 0)
            {
                throw new TokenizerException(
                    "A pattern of tokenizer.json backtracks without end on this text; replace its nested repetitions by possessive ones.");
            }

            ref readonly var instruction = ref _code[pc];
            bool matched;
            switch (instruction.Op)
            {
                case PatternOp.Set:
                    matched = position < _text.Length && instruction.Set!.Contains(CodePoints.At(_text, position));
                    if (matched)
                    {
                        position += CodePoints.LengthAt(_text, position);
                        pc++;
                    }

                    break;
                case PatternOp.GreedySet:
                    matched = Take(instruction, position, out var least, out var most);
                    if (matched)
                    {
                        pc++;
                        position = most;
                        if (least < most)
                        {
                            Push(new(pc, most, least));
                        }
                    }

                    break;
                case PatternOp.PossessiveSet:
                    matched = Take(instruction, position, out _, out var all);
                    position = matched ? all : position;
                    pc++;
                    break;
                case PatternOp.LazySet:
                    matched = TakeLazily(instruction, ref pc, ref position);
                    break;
                case PatternOp.Split:
                    Push(new(instruction.B, position, position));
                    pc = instruction.A;
                    matched = true;
                    break;
                case PatternOp.Jump:
                    pc = instruction.A;
                    matched = true;
                    break;
                case PatternOp.Atomic:
                    var unitEnd = RunUnit(pc + 1, position);
                    matched = unitEnd >= 0;
                    position = unitEnd;
                    pc = instruction.A;
                    break;
                case PatternOp.LookAhead:
                    matched = RunUnit(pc + 1, position) >= 0 != (instruction.B == 1);
                    pc = instruction.A;
                    break;
                case PatternOp.LookBehind:
                    matched = LooksBehind(instruction.Lengths!, pc + 1, position) != (instruction.B == 1);
                    pc = instruction.A;
                    break;
                case PatternOp.Anchor:
                    matched = Holds((AnchorKind)instruction.A, position);
                    pc++;
                    break;
                case PatternOp.EnterLoop:
                    Push(new(~instruction.A, _registers[instruction.A], 0));
                    _registers[instruction.A] = position;
                    pc++;
                    matched = true;
                    break;
                case PatternOp.LeaveIfEmpty:
                    pc = _registers[instruction.A] == position ? instruction.B : pc + 1;
                    matched = true;
                    break;
                default:
                    _top = floor;
                    return position;
            }

            if (!matched && !Backtrack(floor, out pc, out position))
            {
                return -1;
            }
        }
    }

    private int RunUnit(int pc, int position)
    {
        var floor = _top;
        var end = Run(pc, position);
        _top = floor;
        return end;
    }

    private bool Backtrack(int floor, out int pc, out int position)
    {
        while (_top > floor)
        {
            ref var entry = ref _stack[_top - 1];
            if (entry.Pc < 0)
            {
                _registers[~entry.Pc] = entry.Position;
                _top--;
                continue;
            }

            pc = entry.Pc;
            if (entry.Position > entry.Least)
            {
                // Give one character back; what is left of the range stays on the stack.
                position = entry.Position - 1;
                if (char.IsLowSurrogate(_text[position]))
                {
                    position--;
                }

                if (position > entry.Least)
                {
                    entry = entry with { Position = position };
                }
                else
                {
                    _top--;
                }
            }
            else
            {
                position = entry.Position;
                _top--;
            }

            return true;
        }

        (pc, position) = (0, 0);
        return false;
    }

    private bool Take(in PatternInstruction instruction, int position, out int least, out int most)
    {
        var set = instruction.Set!;
        var count = 0;
        least = position;
        while (count < instruction.B && position < _text.Length && set.Contains(CodePoints.At(_text, position)))
        {
            position += CodePoints.LengthAt(_text, position);
            if (++count <= instruction.A)
            {
                least = position;
            }
        }

        _steps -= count >> 4;
        most = position;
        return count >= instruction.A;
    }

    private bool TakeLazily(in PatternInstruction instruction, ref int pc, ref int position)
    {
        // A lazy set is rare: it is spelled out as one entry for each length, shortest on top.
        var set = instruction.Set!;
        var ends = new List<int>();
        var count = 0;
        for (var at = position; ; at += CodePoints.LengthAt(_text, at))
        {
            if (count >= instruction.A)
            {
                ends.Add(at);
            }

            if (count++ >= instruction.B || at >= _text.Length || !set.Contains(CodePoints.At(_text, at)))
            {
                break;
            }
        }

        _steps -= count;
        if (ends.Count == 0)
        {
            return false;
        }

        pc++;
        for (var i = ends.Count - 1; i > 0; i--)
        {
            Push(new(pc, ends[i], ends[i]));
        }

        position = ends[0];
        return true;
    }

    private bool LooksBehind(int[] lengths, int pc, int position)
    {
        var at = position;
        var back = 0;
        foreach (var length in lengths)
        {
            for (; back < length && at > 0; back++)
            {
                at -= at > 1 && char.IsLowSurrogate(_text[at - 1]) ? 2 : 1;
            }

            if (back == length && RunUnit(pc, at) == position)
            {
                return true;
            }
        }

        return false;
    }

    private readonly bool Holds(AnchorKind kind, int position) => kind switch
    {
        AnchorKind.TextStart => position == 0,
        AnchorKind.TextEnd => position == _text.Length,
        AnchorKind.TextEndOrLastNewline => position == _text.Length || (position == _text.Length - 1 && _text[position] == '\n'),
        AnchorKind.LineStart => position == 0 || (_text[position - 1] == '\n' && position < _text.Length),
        AnchorKind.LineEnd => position == _text.Length || _text[position] == '\n',
        AnchorKind.SearchStart => position == _searchStart,
        _ => IsBoundary(position) == (kind == AnchorKind.WordBoundary),
    };

    private readonly bool IsBoundary(int position)
    {
        var before = position > 0 && NamedSets.Word.Contains(CodePoints.Before(_text, position));
        var after = position < _text.Length && NamedSets.Word.Contains(CodePoints.At(_text, position));
        return before != after;
    }

    private void Push(Entry entry)
    {
        if (_top == _stack.Length)
        {
            Array.Resize(ref _stack, _stack.Length * 2);
        }

        _stack[_top++] = entry;
    }
}
