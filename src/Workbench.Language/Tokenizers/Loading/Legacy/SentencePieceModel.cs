using Google.Protobuf;

namespace Workbench.Language.Tokenizers.Loading.Legacy;

/// <summary>The kinds of a piece in sentencepiece_model.proto.</summary>
internal enum PieceType
{
    Normal = 1,
    Unknown = 2,
    Control = 3,
    UserDefined = 4,
    Unused = 5,
    Byte = 6,
}

/// <summary>A piece of the vocabulary; its id is its place.</summary>
internal sealed record SentencePiece(string Text, float Score, PieceType Type);

/// <summary>What a tokenizer needs of sentencepiece's ModelProto (google/sentencepiece, src/sentencepiece_model.proto).</summary>
internal sealed class SentencePieceModel
{
    public List<SentencePiece> Pieces { get; } = [];

    /// <summary>trainer_spec.model_type: 1 Unigram, 2 BPE, 3 words, 4 characters.</summary>
    public int ModelType { get; private set; } = 1;

    public bool ByteFallback { get; private set; }

    public int UnkId { get; private set; }

    public string UnkPiece { get; private set; } = "<unk>";

    public bool AddDummyPrefix { get; private set; } = true;

    public byte[] PrecompiledCharsmap { get; private set; } = [];

    /// <exception cref="InvalidProtocolBufferException">The bytes are no such message.</exception>
    public static SentencePieceModel Parse(byte[] bytes)
    {
        var model = new SentencePieceModel();
        Each(bytes, (field, input) =>
        {
            switch (field)
            {
                case 1:
                    model.Pieces.Add(ReadPiece(input.ReadBytes().ToByteArray()));
                    return true;
                case 2:
                    model.ReadTrainer(input.ReadBytes().ToByteArray());
                    return true;
                case 3:
                    model.ReadNormalizer(input.ReadBytes().ToByteArray());
                    return true;
                default:
                    return false;
            }
        });
        return model;
    }

    private static SentencePiece ReadPiece(byte[] bytes)
    {
        var (text, score, type) = ("", 0f, PieceType.Normal);
        Each(bytes, (field, input) =>
        {
            switch (field)
            {
                case 1:
                    text = input.ReadString();
                    return true;
                case 2:
                    score = input.ReadFloat();
                    return true;
                case 3:
                    type = (PieceType)input.ReadEnum();
                    return true;
                default:
                    return false;
            }
        });
        return new SentencePiece(text, score, type);
    }

    private void ReadTrainer(byte[] bytes) => Each(bytes, (field, input) =>
    {
        switch (field)
        {
            case 3:
                ModelType = input.ReadEnum();
                return true;
            case 35:
                ByteFallback = input.ReadBool();
                return true;
            case 40:
                UnkId = input.ReadInt32();
                return true;
            case 45:
                UnkPiece = input.ReadString();
                return true;
            default:
                return false;
        }
    });

    private void ReadNormalizer(byte[] bytes) => Each(bytes, (field, input) =>
    {
        switch (field)
        {
            case 2:
                PrecompiledCharsmap = input.ReadBytes().ToByteArray();
                return true;
            case 3:
                AddDummyPrefix = input.ReadBool();
                return true;
            default:
                return false;
        }
    });

    /// <summary>Hands each field of a message to <paramref name="take"/>, which reads it or answers false.</summary>
    private static void Each(byte[] bytes, Func<int, CodedInputStream, bool> take)
    {
        using var input = new CodedInputStream(bytes);
        while (input.ReadTag() is var tag && tag != 0)
        {
            if (!take(WireFormat.GetTagFieldNumber(tag), input))
            {
                input.SkipLastField();
            }
        }
    }
}
