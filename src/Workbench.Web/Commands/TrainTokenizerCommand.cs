using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workbench.Data.Formats;
using Workbench.Language.Tokenizers.Training;
using Workbench.Web.Services;

namespace Workbench.Web.Commands;

/// <summary><c>workbench train-tokenizer</c>: a byte-level BPE tokenizer learnt from a dataset.</summary>
internal static class TrainTokenizerCommand
{
    private const string Beginning = "<s>", End = "</s>";

    public static Command Create(VerbIo io)
    {
        var dataset = new Option<string>("--dataset") { Required = true, Description = "JSON lines in any known shape.", HelpName = "F" };
        var size = new Option<int>("--vocab-size") { Required = true, Description = "Tokens in all: special ones, 256 bytes and merges.", HelpName = "N" };
        var output = new Option<string>("--output") { Required = true, Description = "Folder to write tokenizer.json and tokenizer_config.json to; must not hold a tokenizer.", HelpName = "DIR" };
        var special = new Option<string[]>("--special-token") { Description = $"A special token beside {Beginning} and {End}; may be given again.", DefaultValueFactory = _ => [] };
        var frequency = new Option<int>("--min-frequency") { Description = "How often a pair must occur to become a token.", DefaultValueFactory = _ => 2 };
        var command = new Command(
            "train-tokenizer", "Train a byte-level BPE tokenizer as Hugging Face tokenizers does. Out: {\"tokenizer\",\"vocabulary_size\",\"rows\",\"skipped\"}.")
        {
            dataset, size, output, special, frequency,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var file = arguments.GetRequiredValue(dataset);
            var folder = Path.GetFullPath(arguments.GetRequiredValue(output));
            var path = Path.Combine(folder, "tokenizer.json");
            var (vocabulary, specials) = (arguments.GetRequiredValue(size), arguments.GetValue(special)!);
            var least = 256 + 2 + specials.Length;
            if (vocabulary < least || vocabulary > 1_000_000)
            {
                throw new UserInputException($"A vocabulary of {vocabulary} tokens is not possible.", $"Choose {least} (the bytes and special tokens) to 1,000,000.", "--vocab-size");
            }

            if (File.Exists(path))
            {
                throw new UserInputException("The folder holds a tokenizer already.", "Name another folder.", path);
            }

            var rows = new DatasetRows(file);
            var json = await Task.Run(
                () => ByteLevelBpe.Train(
                    rows.Texts(cancellationToken), vocabulary, Beginning, End, specials, arguments.GetValue(frequency),
                    new Progress(io.Error, vocabulary), cancellationToken),
                cancellationToken);
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(path, json + "\n", cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(folder, "tokenizer_config.json"), Settings(specials), cancellationToken);
            var learnt = JsonNode.Parse(json)!["model"]!["vocab"]!.AsObject().Count;
            io.WriteLine(JsonSerializer.Serialize(new { tokenizer = path, vocabulary_size = learnt, rows = rows.Read, skipped = rows.Skipped }));
            return rows.Skipped == 0 ? ExitCodes.Done : ExitCodes.Failed;
        });
        return command;
    }

    private static string Settings(string[] special) => new JsonObject
    {
        ["tokenizer_class"] = "PreTrainedTokenizerFast",
        ["bos_token"] = Beginning,
        ["eos_token"] = End,
        ["additional_special_tokens"] = new JsonArray([.. special.Select(token => JsonValue.Create(token))]),
    }.ToJsonString() + "\n";

    /// <summary>Rows that no shape fits are counted and left out.</summary>
    private sealed class DatasetRows(string file)
    {
        public int Read { get; private set; }

        public int Skipped { get; private set; }

        public IEnumerable<string> Texts(CancellationToken cancellationToken)
        {
            using var stream = Open();
            foreach (var line in JsonLinesReader.ReadAsync(stream, cancellationToken: cancellationToken).ToBlockingEnumerable(cancellationToken))
            {
                foreach (var text in Texts(line))
                {
                    yield return text;
                }
            }
        }

        private FileStream Open()
        {
            try
            {
                return File.OpenRead(file);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new UserInputException("The dataset cannot be read.", "Name a file of JSON lines.", file, exception);
            }
        }

        private IEnumerable<string> Texts(RawLine line)
        {
            try
            {
                var row = line.TooLong ? throw new RowFormatException("the line is too long") : RowParser.Parse(line.Bytes);
                Read++;
                return RowTexts.Of(row);
            }
            catch (RowFormatException)
            {
                Skipped++; // reported as a number with the result
                return [];
            }
        }
    }

    private sealed class Progress(TextWriter error, int size) : IProgress<int>
    {
        public void Report(int value) => error.WriteLine($"{value} of {size} tokens");
    }
}
