using System.CommandLine;
using System.Text.Json;
using Workbench.Learning.Evaluation;
using Workbench.Learning.Generation;
using Workbench.Web.Services;

namespace Workbench.Web.Commands;

/// <summary><c>workbench logps</c>: how probable a model finds given tokens.</summary>
internal static class LogpsCommand
{
    public static Command Create(VerbIo io)
    {
        var model = ModelOptions.Model();
        var adapter = ModelOptions.Adapter();
        var device = ModelOptions.Device();
        var command = new Command(
            "logps",
            "Log-probabilities of tokens. In: {\"input_ids\",\"labels\"} (-100: not scored) a line; out: {\"logp_sum\",\"tokens\",\"nll\"}.")
        {
            model, adapter, device,
        };
        command.SetAction(async (arguments, cancellationToken) =>
        {
            using var generator = Generator.Load(
                arguments.GetRequiredValue(model), arguments.GetValue(adapter), arguments.GetRequiredValue(device));
            using var lines = new LineLoop(io);
            return await lines.RunAsync(
                (input, json) =>
                {
                    Write(generator, input, json);
                    return true;
                },
                cancellationToken);
        });
        return command;
    }

    private static void Write(Generator generator, JsonElement input, Utf8JsonWriter json)
    {
        var score = Score(generator, input);
        json.WriteStartObject();
        json.WriteNumber("logp_sum", score.LogpSum);
        json.WriteNumber("tokens", score.Tokens);
        if (double.IsFinite(score.Nll))
        {
            json.WriteNumber("nll", score.Nll);
        }
        else
        {
            json.WriteNull("nll"); // nothing was scored, so there is no mean
        }

        json.WriteEndObject();
    }

    private static LogProbabilities Score(Generator generator, JsonElement input)
    {
        if (input.ValueKind != JsonValueKind.Object || !input.TryGetProperty("input_ids", out var ids))
        {
            throw new UserInputException("The input has no input_ids.", "Give {\"input_ids\":[…],\"labels\":[…]}.", "input_ids");
        }

        var labels = input.TryGetProperty("labels", out var given) && given.ValueKind != JsonValueKind.Null ? JsonArrays.Read(given, "labels") : null;
        try
        {
            return LogProbabilities.Score(generator.Model, JsonArrays.Read(ids, "input_ids"), labels);
        }
        catch (ArgumentException exception)
        {
            throw new UserInputException(exception.Message, null, "input_ids", exception);
        }
    }
}
