using Workbench.Language.Jinja.Lexing;
using Workbench.Language.Jinja.Parsing;
using Workbench.Language.Jinja.Rendering.Nodes;
using Workbench.Language.Jinja.Values;

namespace Workbench.Language.Jinja.Rendering;

/// <summary>A template prepared for rendering; immutable, and shared by all threads.</summary>
internal sealed class CompiledTemplate(
    FunctionCode code, Scope scope, StatementNode[] body, int selfSlot, IReadOnlyDictionary<string, BlockCode> blocks, string[] globalNames)
{
    /// <summary>What the names mean where a rendering does not define them.</summary>
    private readonly Value?[] defaults = Array.ConvertAll(globalNames, name => Globals.All.GetValueOrDefault(name));

    /// <summary>Names that the template reads from outside.</summary>
    public IReadOnlyList<string> GlobalNames { get; } = globalNames;

    /// <exception cref="PythonError">The template is not valid.</exception>
    public static CompiledTemplate Compile(string source, int maxFrames)
    {
        var text = new SourceText(source);
        return new Compiler(text).Compile(Parser.Parse(text, maxFrames));
    }

    /// <summary>Renders into <paramref name="output"/>; the variables stand before Jinja2's globals.</summary>
    public void Render(RenderContext context, Dictionary<string, Value> variables, TextBuilder output)
    {
        var globals = new Value?[globalNames.Length];
        for (var index = 0; index < globals.Length; index++)
        {
            globals[index] = variables.TryGetValue(globalNames[index], out var value) ? value : defaults[index];
        }

        context.Globals = globals;
        var frame = code.NewFrame(null, context);
        if (selfSlot >= 0)
        {
            frame.Slots[selfSlot] = new TemplateReferenceValue(blocks);
        }

        // Python's frames around the root function: the caller's and the template's own.
        context.Enter(8);
        scope.Enter(frame);
        StatementNode.ExecuteAll(body, frame, output);
    }
}
