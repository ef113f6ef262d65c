using System.CommandLine;

namespace Workbench.Web.Commands.Data;

/// <summary>What every operation on rows takes.</summary>
internal sealed class DataOptions
{
    public Option<string[]> Input { get; } = new("--input")
    {
        Description = "A file of rows; may be given again, the files are read one after another. Standard input by default.", HelpName = "F", DefaultValueFactory = _ => [],
    };

    public Option<string?> Output { get; } = new("--output")
    {
        Description = "Write the rows to F (.jsonl, .jsonl.gz or .parquet), whole or not at all; bad rows and a summary then go to standard output.", HelpName = "F",
    };

    public Option<string?> Mapping { get; } = new("--mapping")
    {
        Description = "JSON that says which columns are what, e.g. {\"prompt\":\"q\",\"completion\":\"a\"}, for files of no known shape.", HelpName = "F",
    };

    /// <summary>A command with these options and an action that may block.</summary>
    public Command Command(string name, string description, Func<ParseResult, CancellationToken, int> run, params Option[] more)
    {
        var command = new Command(name, description) { Input, Output, Mapping };
        foreach (var option in more)
        {
            command.Add(option);
        }

        command.SetAction((arguments, cancellationToken) => Task.Run(() => run(arguments, cancellationToken), cancellationToken));
        return command;
    }
}
