namespace Workbench.Language.Jinja.Rendering;

/// <summary>
/// Counts the lines of the Python code that Jinja2 would generate. Two things depend on them: the template line of a
/// runtime error, which is the last one noted at or before the failing code line, and the errors of Python's own compiler
/// (<c>break</c> outside a loop, a keyword given twice), which carry the line of the generated code.
/// </summary>
internal sealed class CodeLines
{
    private const int MaxIndentation = 100;

    private int newLines;
    private bool first = true;
    private int? pending;
    private int lastNoted;
    private PythonError? parseError;
    private PythonError? symbolError;
    private PythonError? compileError;

    /// <summary>Template line that an error in the code now being written will report.</summary>
    public int Current { get; private set; } = 1;

    /// <summary>Line of the generated code.</summary>
    public int CodeLine { get; private set; } = 1;

    public int Indentation { get; set; }

    /// <summary>Asks for a new code line before the next write, noting the node's line if it is another than the last.</summary>
    public void NewLine(int? nodeLine = null, int extra = 0)
    {
        newLines = Math.Max(newLines, 1 + extra);
        if (nodeLine is { } line && line != lastNoted)
        {
            pending = line;
            lastNoted = line;
        }
    }

    public void Write()
    {
        if (newLines == 0)
        {
            return;
        }

        if (!first)
        {
            CodeLine += newLines;
            if (pending is { } line)
            {
                Current = line;
                pending = null;
            }
        }

        first = false;
        newLines = 0;
        if (Indentation >= MaxIndentation)
        {
            parseError ??= Error("IndentationError", "too many levels of indentation");
        }
    }

    public void WriteLine(int? nodeLine = null, int extra = 0)
    {
        NewLine(nodeLine, extra);
        Write();
    }

    public void WriteLines(int count)
    {
        for (; count > 0; count--)
        {
            WriteLine();
        }
    }

    public void FailInParser(string message) => parseError ??= Error("SyntaxError", message);

    public void FailInSymbols(string message) => symbolError ??= Error("SyntaxError", message);

    public void FailInCompiler(string message) => compileError ??= Error("SyntaxError", message);

    /// <summary>Raises what Python would have found wrong with the code: its parser first, then scopes, then compilation.</summary>
    public void ThrowIfFailed()
    {
        if ((parseError ?? symbolError ?? compileError) is { } error)
        {
            throw error;
        }
    }

    private PythonError Error(string type, string message) =>
        new(type, $"{message} (<template>, line {CodeLine})", CodeLine) { LineIsKnown = true };
}
