using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Rendering;

/// <summary>What one rendering may cost; see <see cref="Chat.Templates.RenderOptions"/> for the meaning of each figure.</summary>
internal sealed record RenderBounds(long Steps, int TextLength, int IntegerBits, int Depth, int Range, long Memory, TimeSpan Time);

/// <summary>The state of one rendering: its variables, its budget, the line it is at.</summary>
internal sealed class RenderContext
{
    /// <summary>Characters that are read in the time of one step.</summary>
    public const int CharactersPerStep = 32;

    /// <summary>The clock is cheap, and a single step (comparing two long lists) may be long.</summary>
    private const int StepsBetweenClocks = 256;

    private readonly Stack<TextBuilder> spare = new();
    private RenderBounds bounds = new(long.MaxValue, int.MaxValue, int.MaxValue, 1000, 100_000, long.MaxValue, Timeout.InfiniteTimeSpan);
    private long steps;
    private long nextClock;
    private long started;
    private long allocatedBefore;
    private CancellationToken cancellation;

    /// <summary>True while provenance is recorded.</summary>
    public bool Traced { get; private set; }

    /// <summary>Template line of the statement being evaluated, as Jinja2's debug table would report it.</summary>
    public int Line { get; set; }

    /// <summary>Python frames that the calls in progress would take.</summary>
    public int Depth { get; set; }

    /// <summary>Whether <c>{% autoescape %}</c> is on.</summary>
    public bool AutoEscape { get; set; }

    /// <summary>Whether the steps are used up.</summary>
    public bool IsExhausted => steps > bounds.Steps;

    public int MaxDepth => bounds.Depth;

    public int MaxRange => bounds.Range;

    public int MaxIntegerBits => bounds.IntegerBits;

    public int MaxTextLength => bounds.TextLength;

    /// <summary>The clock of <c>strftime_now</c>.</summary>
    public DateTime Now { get; private set; }

    /// <summary>Values of the names a template reads from outside, in the order of its name table.</summary>
    public Value?[] Globals { get; set; } = [];

    /// <summary>Assignments at the top level; kept only for templates with blocks, which read them by name.</summary>
    public Dictionary<string, Value>? Exported { get; set; }

    /// <summary>What the root has written, for generation spans; null while none are recorded.</summary>
    public GenerationTracker? Generation { get; set; }

    public static Random Random => Random.Shared;

    public void Start(RenderBounds limits, bool traced, DateTime now, CancellationToken token)
    {
        bounds = limits;
        Traced = traced;
        Now = now;
        cancellation = token;
        steps = 0;
        nextClock = StepsBetweenClocks;
        started = Environment.TickCount64;
        allocatedBefore = GC.GetAllocatedBytesForCurrentThread();
        Line = 1;
        Depth = 0;
        AutoEscape = false;
        Exported = null;
        Generation = null;
    }

    /// <summary>Accounts for work; stops the rendering when its steps, its time or the caller's patience are used up.</summary>
    public void Charge(long cost)
    {
        steps += cost;
        if (steps >= nextClock)
        {
            CheckClock();
        }
    }

    /// <summary>Accounts for reading a value through: a string takes a step for every few characters.</summary>
    public void ChargeReading(Value value)
    {
        if (value is StringValue { Text.Length: >= CharactersPerStep } text)
        {
            Charge(text.Text.Length / CharactersPerStep);
        }
    }

    /// <summary>An empty text that carries provenance if this rendering does.</summary>
    public TextBuilder NewText()
    {
        if (spare.TryPop(out var text))
        {
            text.Reset(Traced, bounds.TextLength);
            return text;
        }

        return new TextBuilder(Traced, bounds.TextLength);
    }

    /// <summary>The finished string of a text from <see cref="NewText"/>, whose memory is kept for the next one.</summary>
    public StringValue Finish(TextBuilder text, bool markup = false)
    {
        Charge(1 + (text.Length >> 4) + (text.Segments.Length >> 1));
        var value = text.ToValue(markup);
        Release(text);
        return value;
    }

    public void Release(TextBuilder text)
    {
        if (spare.Count < 16)
        {
            spare.Push(text);
        }
    }

    /// <summary>Enters a call that Python would spend <paramref name="frames"/> frames on.</summary>
    public void Enter(int frames)
    {
        Depth += frames;
        Charge(frames);
        if (Depth > bounds.Depth)
        {
            throw PythonError.Recursion();
        }

        Recursion.CheckStack();
    }

    private void CheckClock()
    {
        nextClock = steps + StepsBetweenClocks;
        if (steps > bounds.Steps)
        {
            throw PythonError.Limit(
                $"the template took more than {bounds.Steps:N0} steps; raise RenderOptions.MaxSteps if that is intended");
        }

        if (GC.GetAllocatedBytesForCurrentThread() - allocatedBefore > bounds.Memory)
        {
            throw PythonError.Limit(
                $"the template allocated more than {bounds.Memory >> 20:N0} MB; raise RenderOptions.MaxMemory if that is intended");
        }

        if (bounds.Time != Timeout.InfiniteTimeSpan && Environment.TickCount64 - started > bounds.Time.TotalMilliseconds)
        {
            throw PythonError.Limit(
                $"the template took longer than {bounds.Time.TotalSeconds:0.###} s; raise RenderOptions.MaxTime if that is intended");
        }

        cancellation.ThrowIfCancellationRequested();
    }
}
