using System.CommandLine;
using Workbench.Language.Tokenizers;
using Workbench.Web.Services;

namespace Workbench.Web.Commands;

/// <summary><c>workbench tokenize</c>: texts to ids, exactly as the official tokenizers.</summary>
internal static class TokenizeCommand
{
    public static Command Create(VerbIo io)
    {
        var tokenizer = new Option<string>("--tokenizer") { Required = true, Description = "A model folder, a tokenizer.json, a sentencepiece .model or a .tiktoken file.", HelpName = "DIR_OR_JSON" };
        var noSpecial = new Option<bool>("--no-special") { Description = "Do not add the tokenizer's own special tokens." };
        var offsets = new Option<bool>("--offsets") { Description = "Where each token lies in the text, in code points." };
        var decode = new Option<bool>("--decode") { Description = "What the ids read back as." };
        var toLength = new Option<bool>("--to-length") { Description = "Apply the file's own truncation and padding, which transformers leaves aside." };
        var command = new Command("tokenize", "Texts to token ids. In: a JSON string or {\"text\",\"pair\"} a line; out: {\"ids\",\"offsets\",\"decoded\"}.")
        {
            tokenizer, noSpecial, offsets, decode, toLength,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            var tokenization = new Tokenization(
                Tokenizer.Load(arguments.GetRequiredValue(tokenizer)),
                !arguments.GetValue(noSpecial),
                arguments.GetValue(offsets),
                arguments.GetValue(decode),
                arguments.GetValue(toLength));
            using var lines = new LineLoop(io);
            return await lines.RunAsync(
                (input, json) =>
                {
                    tokenization.Write(input, json);
                    return true;
                },
                cancellationToken);
        });
        return command;
    }
}
